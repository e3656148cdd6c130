import { servedKinds } from '../../../functions/api/served-kinds.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import { maximumBodyBytes } from '../../../kubernetes/limits.ts';
import { type Body, bodyOf } from './bodies.ts';
import { Chance } from './chance.ts';
import { objectOfTurn, spoil, validObject } from './objects.ts';
import { patchOf } from './patches.ts';
import { escaped, query } from './queries.ts';
import { text } from './texts.ts';
import { serialise } from './values.ts';

/** One request, the same for the same seed and number. */
export interface FuzzRequest {
  /** What it is, for those who read a finding. */
  readonly shape: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What is made before it, so that the request has something to change. */
  readonly prepare?: { readonly path: string; readonly object: unknown };
  /** What is deleted after it. */
  readonly cleanup?: string;
}

const none: Body = { shape: 'no body', type: undefined, bytes: Buffer.alloc(0) };

/** How large the huge value of a request is, bytes: seldom as large as a body may be; 0: it has none. */
function hugeBytes(chance: Chance): number {
  const which = chance.below(1000);
  if (which < 550) return 0;
  if (which < 880) return chance.size(20_000);
  if (which < 970) return chance.size(300_000);
  return chance.pick([700_000, 1_400_000, 2_900_000, mostBytes]);
}

/** A body that is too large by a little is enough. */
const mostBytes = maximumBodyBytes + 10;

export function fuzzRequest(seed: number, index: number): FuzzRequest {
  const chance = new Chance(seed * 1_000_003 + index);
  const turn = index % turnEvery === 0 ? seed * turnsAhead + index / turnEvery : undefined;
  const request = turn === undefined ? makerOf(chance.below(100))({ chance, index }) : inTurn({ chance, index, turn });
  return { ...request, body: request.body.subarray(0, mostBytes) };
}

function makerOf(which: number): (making: Making) => FuzzRequest {
  if (which < 35) return create;
  if (which < 70) return change;
  if (which < 85) return read;
  if (which < 92) return subresource;
  return which < 96 ? apply : oddity;
}

/** Every so many requests, the next place of all kinds has its turn; another seed begins at another one. */
const turnEvery = 10;
const turnsAhead = 1009;

function inTurn({ chance, index, turn }: Making & { readonly turn: number }): FuzzRequest {
  const name = `fuzz-${index}`;
  const { kind, object, where } = objectOfTurn(turn, name, { chance, bytes: chance.pick([300_000, 2_900_000]) });
  const path = collectionOf(kind);
  const headers = { 'content-type': 'application/json' };
  const shape = `POST ${kind.kind} with a huge ${where}`;
  return { shape, method: 'POST', path, headers, body: Buffer.from(serialise(object)), cleanup: `${path}/${name}` };
}

interface Making {
  readonly chance: Chance;
  readonly index: number;
}

function collectionOf(kind: Kind, namespace = 'default'): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return `${root}${kind.namespaced ? `/namespaces/${namespace}` : ''}/${kind.plural}`;
}

function spoiled(
  kind: Kind,
  name: string,
  chance: Chance,
): { readonly object: Record<string, unknown>; readonly bytes: number } {
  const object = validObject(kind, name);
  const bytes = hugeBytes(chance);
  spoil(object, kind, { chance, bytes });
  return { object, bytes };
}

const headersOf = (body: Body, chance: Chance): Readonly<Record<string, string>> => ({
  ...(body.type === undefined ? {} : { 'content-type': body.type }),
  ...body.headers,
  ...oddHeaders(chance),
});

function oddHeaders(chance: Chance): Readonly<Record<string, string>> {
  if (chance.happens(0.8)) return {};
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
  const metadata = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
  const long = Buffer.from(text(chance, 8000).replaceAll(/[\p{Cc}\u2028]/gu, '')).toString('latin1');
  return chance.pick<Readonly<Record<string, string>>>([
    { accept: table },
    { accept: metadata },
    { accept: metadata.replace('Metadata', 'MetadataList') },
    { accept: chance.pick(['application/yaml', 'application/cbor', '*/*', 'text/html', 'a', ';;;', 'a;q=b,c;q=NaN']) },
    { accept: long },
    { accept: 'application/json;q=0.1,'.repeat(300) },
    { 'user-agent': long },
    { 'content-encoding': chance.pick(['gzip', 'deflate', 'br', 'bogus']) },
    { 'if-match': long, 'if-none-match': '*', range: 'bytes=0-10' },
    { 'impersonate-user': 'a', 'x-http-method-override': 'DELETE' },
    { expect: '100-continue' },
    Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`x-odd-${index}`, 'a'])),
  ]);
}

function create({ chance, index }: Making): FuzzRequest {
  const kind = chance.pick(servedKinds);
  const name = `fuzz-${index}`;
  const { object, bytes } = spoiled(kind, name, chance);
  const body = bodyOf(object, chance, bytes);
  const path = collectionOf(kind);
  const shape = `POST ${kind.kind}, ${body.shape}`;
  return {
    shape,
    method: 'POST',
    path: `${path}${query(chance)}`,
    headers: headersOf(body, chance),
    body: body.bytes,
    cleanup: `${path}/${name}`,
  };
}

/** The beginning of a request for an object that is there. */
function prepared({ chance, index }: Making, kind: Kind): Required<Pick<FuzzRequest, 'path' | 'prepare' | 'cleanup'>> {
  const name = `fuzz-${index}`;
  const path = `${collectionOf(kind)}/${name}`;
  const isStatus = kind.subresources.status === true && chance.happens(0.2);
  return {
    path: isStatus ? `${path}/status` : path,
    prepare: { path: collectionOf(kind), object: validObject(kind, name) },
    cleanup: path,
  };
}

function change({ chance, index }: Making): FuzzRequest {
  const kind = chance.pick(servedKinds.filter(({ verbs }) => verbs.includes('update')));
  const start = prepared({ chance, index }, kind);
  const { object, bytes } = spoiled(kind, `fuzz-${index}`, chance);
  const method = chance.pick(['PUT', 'PATCH', 'PATCH', 'DELETE']);
  const deleted = chance.happens(0.7) ? { ...object, apiVersion: 'v1', kind: 'DeleteOptions' } : object;
  const body =
    method === 'PUT'
      ? bodyOf(object, chance, bytes)
      : method === 'PATCH'
        ? patchOf(object, chance, bytes)
        : bodyOf(deleted, chance, bytes);
  const manager = body.shape === 'apply' ? ['fieldManager=fuzz'] : [];
  const shape = `${method} ${kind.kind}, ${body.shape}`;
  return {
    ...start,
    shape,
    method,
    path: `${start.path}${query(chance, manager)}`,
    headers: headersOf(body, chance),
    body: body.bytes,
  };
}

function read({ chance, index }: Making): FuzzRequest {
  const kind = chance.pick(servedKinds);
  const collection = collectionOf(
    kind,
    chance.pick(['default', 'default', 'kube-system', 'none', escaped(text(chance, 300)) || 'a']),
  );
  const all = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const path = chance.pick([
    collection,
    `${all}/${kind.plural}`,
    `${all}/watch/${kind.plural}`,
    `${collection}/${escaped(text(chance, 1000)) || 'a'}`,
    `${collection}/fuzz-${index}`,
    `${collection}/fuzz-${index}/${escaped(text(chance, 20)) || 'status'}`,
  ]);
  const watch = chance.happens(0.2) ? ['watch=true'] : [];
  const method = chance.pick(['GET', 'GET', 'GET', 'HEAD', 'DELETE']);
  const headers = oddHeaders(chance);
  return { shape: `${method} ${kind.kind}`, method, path: `${path}${query(chance, watch)}`, headers, body: none.bytes };
}

function subresource({ chance, index }: Making): FuzzRequest {
  const kinds = servedKinds.filter(
    ({ subresources }) => subresources.scale !== undefined || subresources.others !== undefined,
  );
  const kind = chance.pick(kinds);
  const start = prepared({ chance, index }, kind);
  const others = (kind.subresources.others ?? []).map(({ name }) => name);
  const name = chance.pick([...(kind.subresources.scale === undefined ? [] : ['scale']), ...others, 'bogus']);
  const { object, bytes } = spoiled(kind, `fuzz-${index}`, chance);
  const said = chance.pick<Record<string, unknown>>([
    { apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: chance.pick([0, 3, -1, 200, 2_000_000_000]) } },
    { apiVersion: 'policy/v1', kind: 'Eviction', metadata: object['metadata'], deleteOptions: object['spec'] },
    object,
  ]);
  const method = chance.pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
  const body =
    method === 'PATCH' ? patchOf(said, chance, bytes) : method === 'GET' ? none : bodyOf(said, chance, bytes);
  const shape = `${method} ${kind.kind}/${name}, ${body.shape}`;
  return {
    ...start,
    shape,
    method,
    path: `${start.cleanup}/${name}${query(chance)}`,
    headers: headersOf(body, chance),
    body: body.bytes,
  };
}

/** POST /apply with a few documents, or with very many. */
function apply({ chance, index }: Making): FuzzRequest {
  const kind = chance.pick(servedKinds);
  const name = `fuzz-${index}`;
  const { object, bytes } = spoiled(kind, name, chance);
  const one = bodyOf(object, chance, bytes);
  const times = chance.happens(0.1) ? chance.size(3000) : 1;
  const bodies = Array.from({ length: times }, () => [one.bytes.subarray(0, 1000), Buffer.from('\n---\n')]).flat();
  const body = { ...one, bytes: times === 1 ? one.bytes : Buffer.concat(bodies) };
  const headers = headersOf(
    { ...body, type: chance.pick(['application/yaml', 'application/json', body.type]) },
    chance,
  );
  const shape = `apply ${kind.kind}, ${times === 1 ? '' : `${times} x `}${body.shape}`;
  return {
    shape,
    method: 'POST',
    path: `/apply${query(chance, ['namespace=default'])}`,
    headers,
    body: body.bytes,
    cleanup: `${collectionOf(kind)}/${name}`,
  };
}

/** Paths and methods that are none of a resource. */
function oddity({ chance, index }: Making): FuzzRequest {
  const methods = ['GET', 'POST', 'OPTIONS', 'HEAD', 'TRACE', 'PROPFIND', 'M-SEARCH', 'PUT', 'PATCH', 'DELETE'];
  const paths = [
    '/',
    '/api',
    '/apis',
    '/api/v1',
    '/openapi/v2',
    '/openapi/v3',
    '/version',
    '/healthz',
    '/livez',
    '/apply',
    '/metrics',
  ];
  const method = chance.pick(methods);
  const end = `/${escaped(text(chance, 3000))}`;
  const path = chance.happens(0.5)
    ? chance.pick(paths)
    : chance.pick([end, `/api/v1${end}`, `/apis${end}/v1/a`, `/openapi/v3${end}`]);
  const body = chance.happens(0.3) ? bodyOf({ index }, chance, hugeBytes(chance)) : none;
  return {
    shape: `${method} ${path.slice(0, 30)}`,
    method,
    path: `${path}${query(chance)}`,
    headers: headersOf(body, chance),
    body: body.bytes,
  };
}
