import type { Hono } from 'hono';
import { kindOf } from '../kubernetes/registry.ts';
import { apiVersionOf, type Kind } from '../kubernetes/kind.ts';
import type { Status } from '../kubernetes/status-error.ts';
import type { Manifest } from './manifests.ts';

/** An object that could not be applied, and why. */
export interface Refused {
  readonly source: string;
  readonly message: string;
}

/** Applies manifests, one after the other, as `kubectl apply --server-side` does; the answer is what went wrong. */
export async function applyManifests(
  app: Hono,
  token: string,
  manifests: readonly Manifest[],
): Promise<readonly Refused[]> {
  const refused: Refused[] = [];
  for (const { body, source } of manifests) {
    const message = await apply(app, token, body.value);
    if (message !== undefined) refused.push({ source, message });
  }
  return refused;
}

async function apply(app: Hono, token: string, value: unknown): Promise<string | undefined> {
  const { apiVersion, kind: kindName, metadata } = namesOf(value);
  const kind = kindOf(apiVersion, kindName);
  if (kind === undefined) return `no kind ${JSON.stringify(kindName)} in version ${JSON.stringify(apiVersion)}`;
  if (metadata.name === '') return `a ${kindName} has no metadata.name`;
  const response = await app.request(`${pathOf(kind, metadata)}?fieldManager=skiff-up&force=true`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
    body: JSON.stringify(value),
  });
  if (response.ok) return undefined;
  const { message }: Status = await response.json();
  return message ?? response.statusText;
}

interface Names {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace: string; readonly name: string };
}

function namesOf(value: unknown): Names {
  const { metadata } = (value ?? {}) as { metadata?: unknown };
  return {
    apiVersion: text(value, 'apiVersion'),
    kind: text(value, 'kind'),
    metadata: { namespace: text(metadata, 'namespace') || 'default', name: text(metadata, 'name') },
  };
}

function text(value: unknown, field: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === 'string' ? found : '';
}

function pathOf(kind: Kind, { namespace, name }: Names['metadata']): string {
  const group = kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;
  const inNamespace = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${group}${inNamespace}/${kind.plural}/${encodeURIComponent(name)}`;
}
