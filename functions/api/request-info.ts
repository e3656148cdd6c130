import type { Kind, Verb } from '../../kubernetes/kind.ts';
import { apiVersionOf } from '../../kubernetes/kind.ts';
import { cut } from '../../kubernetes/shown-value.ts';
import { badRequest, methodNotAllowed, resourceNotFound } from '../../kubernetes/status-error.ts';
import { servedKind, servedKinds } from './served-kinds.ts';

/** A request's URL, taken apart without reading the query before somebody asks. */
export interface Target {
  /** Not decoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly search: string;
}

/** What a request for a resource asks, as kube-apiserver's RequestInfo. */
export interface ResourceRequest {
  readonly kind: Kind;
  readonly verb: Verb;
  /** '' for all namespaces and for cluster-scoped kinds. */
  readonly namespace: string;
  /** '' for a request to the whole collection. */
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
}

export function targetOf(url: string): Target {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const question = url.indexOf('?', start);
  return question < 0
    ? { path: url.slice(start), search: '' }
    : { path: url.slice(start, question), search: url.slice(question + 1) };
}

/**
 * What a request asks of a resource; undefined when the path is none of a group that is served. Throws StatusError 404 for
 * an unknown resource of a known group and 405 for what the resource does not allow.
 */
export function resourceRequest(method: string, { path, search }: Target): ResourceRequest | undefined {
  const { apiVersion, rest } = groupOf(segments(path));
  if (rest.length === 0 || !served.has(apiVersion)) return undefined;
  const query = new URLSearchParams(search);
  // The old form of a watch, `/api/v1/watch/pods`.
  const watched = rest[0] === 'watch' && rest.length > 1;
  const place = watched ? collectionOf(placeOf(apiVersion, rest.slice(1)), query) : placeOf(apiVersion, rest);
  const watch = watched || (place.name === '' && isTrue(query.get('watch')));
  const verb = verbOf(method, place, watch);
  if (verb === undefined) throw methodNotAllowed();
  return { ...place, verb, query };
}

function groupOf(parts: readonly string[]): { readonly apiVersion: string; readonly rest: readonly string[] } {
  const [root, first = '', second = ''] = parts;
  if (root === 'api') return { apiVersion: first, rest: parts.slice(2) };
  return { apiVersion: root === 'apis' ? `${first}/${second}` : '', rest: parts.slice(3) };
}

/** The collection of a single object's watch, whose query then says which object. */
function collectionOf(place: Place, query: URLSearchParams): Place {
  if (place.name !== '') query.set('fieldSelector', `metadata.name=${place.name}`);
  return { ...place, name: '' };
}

/** Go's ParseBool, as far as clients use it. */
export const isTrue = (value: string | null): boolean => value !== null && /^(1|t|true)$/i.test(value);

const served: ReadonlySet<string> = new Set(servedKinds.map(apiVersionOf));

function segments(path: string): readonly string[] {
  const trimmed = path.endsWith('/') ? path.slice(1, -1) : path.slice(1);
  if (!trimmed.includes('%')) return trimmed.split('/');
  const decoded = decodedSegments(path, trimmed);
  // Nothing is called so, and what is made of a name would be read as something else.
  if (decoded.some((each) => /[/\0]/.test(each))) throw badRequest(`a part of ${cut(path)} contains '/' or NUL`);
  return decoded;
}

function decodedSegments(path: string, trimmed: string): readonly string[] {
  try {
    return trimmed.split('/').map(decodeURIComponent);
  } catch {
    throw badRequest(`invalid URL escape in ${cut(path)}`);
  }
}

type Place = Pick<ResourceRequest, 'kind' | 'namespace' | 'name' | 'subresource'>;

/** `namespaces/shop` and `namespaces/shop/finalize` are a Namespace's; what else follows a namespace is inside it. */
function placeOf(apiVersion: string, parts: readonly string[]): Place {
  const [first, namespace = '', third] = parts;
  const inside = first === 'namespaces' && third !== undefined && !namespaceSubresources.has(third);
  const [plural = '', name = '', subresource = '', ...more] = inside ? parts.slice(2) : parts;
  const kind = servedKind(apiVersion, plural);
  if (kind === undefined || more.length > 0 || parts.includes('') || isMisplaced(kind, inside, name)) {
    throw resourceNotFound();
  }
  return { kind, namespace: inside ? namespace : '', name, subresource };
}

/** Objects are reached where they live; all namespaces together are but a collection. */
const isMisplaced = (kind: Kind, inside: boolean, name: string): boolean =>
  kind.namespaced ? !inside && name !== '' : inside;

const namespaceSubresources: ReadonlySet<string> = new Set(['status', 'finalize']);

function verbOf(method: string, place: Place, watch: boolean): Verb | undefined {
  const collection = place.name === '';
  switch (method) {
    case 'GET':
      return watch ? 'watch' : collection ? 'list' : 'get';
    case 'POST':
      return collection && place.kind.namespaced && place.namespace === '' ? undefined : 'create';
    case 'PUT':
      return collection ? undefined : 'update';
    case 'PATCH':
      return collection ? undefined : 'patch';
    case 'DELETE':
      return collection ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}
