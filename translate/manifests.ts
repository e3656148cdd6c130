import type { ParsedBody } from '../kubernetes/decode/body.ts';
import { decode } from '../kubernetes/decode/decode.ts';
import type { Kind } from '../kubernetes/kind.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { prepareCreate, type WriteContext } from '../kubernetes/prepare.ts';
import { kindOf } from '../kubernetes/registry.ts';
import { StatusError } from '../kubernetes/status-error.ts';
import type { Finding } from './plan.ts';
import { isUnserved } from './unserved-kinds.ts';

/** A finding with the object that it is about: `Deployment default/web`. */
export interface ObjectFinding extends Pick<Finding, 'path' | 'message'> {
  readonly for: string;
}

export interface Manifests {
  /** As an API server would store them, in the order of the manifests. */
  readonly objects: readonly KubernetesObject[];
  readonly warnings: readonly ObjectFinding[];
  /** What an API server would not take. */
  readonly refused: readonly ObjectFinding[];
}

/** `Deployment default/web`, or `Namespace shop`. */
export const describeObject = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name ?? metadata.generateName ?? ''}`;

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Decodes, fills in and validates manifests as the API does for `kubectl apply`, without a server. */
export function prepareManifests(
  documents: readonly ParsedBody[],
  context: WriteContext & { readonly namespace: string },
): Manifests {
  const objects: KubernetesObject[] = [];
  const warnings: ObjectFinding[] = [];
  const refused: ObjectFinding[] = [];
  documents.forEach((document, index) => {
    if (document.value === null || document.value === undefined) return;
    const kind = kindOf(text(field(document.value, 'apiVersion')), text(field(document.value, 'kind')));
    if (kind === undefined) {
      const unserved = unservedKind(document.value, index);
      if (unserved === undefined) refused.push(unknownKind(document.value, index));
      else warnings.push(unserved);
      return;
    }
    const decoded = tryDecode(kind, document);
    if ('message' in decoded) {
      refused.push({ for: nameOf(document.value, index), path: '', message: decoded.message });
      return;
    }
    const { object } = decoded;
    if (kind.namespaced) object.metadata.namespace ||= context.namespace;
    const prepared = prepareCreate(kind, object, context);
    const name = describeObject(prepared.object);
    const problems = [
      ...decoded.warnings.map(strictError),
      ...prepared.errors.map(({ field: path, message }) => ({ path, message })),
    ];
    warnings.push(...prepared.warnings.map((message) => ({ for: name, ...placed(message) })));
    refused.push(...problems.map((problem) => ({ for: name, ...problem })));
    if (problems.length === 0) objects.push(prepared.object);
  });
  return { objects, warnings, refused };
}

function tryDecode(kind: Kind, document: ParsedBody): ReturnType<typeof decode> | { readonly message: string } {
  try {
    return decode(kind, document, 'Warn');
  } catch (error) {
    if (error instanceof StatusError) return { message: error.message };
    throw error;
  }
}

type Placed = Pick<ObjectFinding, 'path' | 'message'>;

/** `unknown field "spec.replica"` is what strict decoding, kubectl's standard, refuses. */
const strictError = (complaint: string): Placed => ({
  path: /"(.*)"$/.exec(complaint)?.[1] ?? '',
  message: `strict decoding error: ${complaint}`,
});

/** Kubernetes' warnings begin with the path that they are about, most of them. */
function placed(warning: string): Placed {
  const [, path = '', message = warning] = /^((?:metadata|spec)[^\s:]*): (.*)$/s.exec(warning) ?? [];
  return { path, message };
}

/** A kind of Kubernetes that is to come. */
function unservedKind(value: unknown, index: number): ObjectFinding | undefined {
  const kind = text(field(value, 'kind'));
  if (!isUnserved(text(field(value, 'apiVersion')), kind)) return undefined;
  const message = `Skiff does not serve the kind ${kind} yet: the object is left out`;
  return { for: nameOf(value, index), path: 'kind', message };
}

/** In kubectl's words. */
function unknownKind(value: unknown, index: number): ObjectFinding {
  const kind = text(field(value, 'kind'));
  const message = `no matches for kind "${kind}" in version "${text(field(value, 'apiVersion'))}"`;
  return { for: nameOf(value, index), path: 'kind', message };
}

const nameOf = (value: unknown, index: number): string => {
  const kind = text(field(value, 'kind'));
  const [namespace, name] = ['namespace', 'name'].map((each) => text(field(field(value, 'metadata'), each)));
  if (kind === '') return `document ${index + 1}`;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`.trim();
};
