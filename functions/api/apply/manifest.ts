import type { ParsedBody } from '../../../kubernetes/decode/body.ts';
import { isJsonObject, own, type JsonObject } from '../../../kubernetes/json-value.ts';
import { resourceOf, type Kind } from '../../../kubernetes/kind.ts';
import type { ObjectKey } from '../../../kubernetes/object.ts';
import { kindOf } from '../../../kubernetes/registry.ts';
import { quoted } from '../../../kubernetes/shown-value.ts';
import { badRequest } from '../../../kubernetes/status-error.ts';

/** What a document of the request says that it is. */
export interface Names {
  readonly apiVersion: string;
  readonly kind: string;
  /** Absent for kinds without namespaces, and for those that are not known. */
  readonly namespace?: string;
  readonly name: string;
}

/** A document that can be applied. */
export interface Manifest {
  readonly kind: Kind;
  readonly key: ObjectKey;
  readonly value: JsonObject;
  readonly duplicates: readonly string[];
}

/** The names in a document, as far as it has any; `namespace` is for those that name none. */
export function namesOf(value: unknown, namespace: string): Names {
  const metadata = isJsonObject(value) ? own(value, 'metadata') : undefined;
  const names = {
    apiVersion: textOf(value, 'apiVersion'),
    kind: textOf(value, 'kind'),
    name: textOf(metadata, 'name'),
  };
  const { apiVersion, kind, name } = names;
  if (!kindOf(apiVersion, kind)?.namespaced) return names;
  return { apiVersion, kind, namespace: textOf(metadata, 'namespace') || namespace, name };
}

/** A document as a manifest. Throws StatusError 400 when it is none. */
export function manifestOf({ value, duplicates }: ParsedBody, names: Names): Manifest {
  const { apiVersion, namespace, name } = names;
  const kind = kindOf(apiVersion, names.kind);
  if (!isJsonObject(value) || kind === undefined) {
    throw badRequest(`no matches for kind ${quoted(names.kind)} in version ${quoted(apiVersion)}`);
  }
  if (name === '') throw badRequest('resource name may not be empty');
  const metadata = own(value, 'metadata');
  const placed = { ...(isJsonObject(metadata) ? metadata : {}), ...(namespace === undefined ? {} : { namespace }) };
  return {
    kind,
    key: { resource: resourceOf(kind), namespace: namespace ?? '', name },
    value: { ...value, metadata: placed },
    duplicates,
  };
}

function textOf(value: unknown, field: string): string {
  const found = isJsonObject(value) ? own(value, field) : undefined;
  return typeof found === 'string' ? found : '';
}
