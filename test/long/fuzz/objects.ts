import { servedKinds } from '../../../functions/api/served-kinds.ts';
import { apiVersionOf, type Kind } from '../../../kubernetes/kind.ts';
import { once } from '../../../kubernetes/once.ts';
import { childNode, type SchemaNode, schemaNode } from '../../../kubernetes/schema-node.ts';
import type { Chance } from './chance.ts';
import { huge, longList, value } from './values.ts';

type Values = Record<string, unknown>;

const podSpec = { containers: [{ name: 'web', image: 'nginx:1' }] };
const template = { metadata: { labels: { app: 'web' } }, spec: podSpec };
const selected = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template };
const port = { name: 'http', port: 80 };

/** What makes an object of a kind valid, beside its name. */
const essentials: Readonly<Record<string, Values>> = {
  Pod: { spec: podSpec },
  Deployment: { spec: selected },
  ReplicaSet: { spec: selected },
  StatefulSet: { spec: { ...selected, serviceName: 'web' } },
  DaemonSet: { spec: { selector: selected.selector, template } },
  Job: { spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } } },
  ReplicationController: { spec: { replicas: 1, selector: { app: 'web' }, template } },
  Service: { spec: { selector: { app: 'web' }, ports: [port] } },
  Endpoints: { subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [port] }] },
  EndpointSlice: { addressType: 'IPv4', endpoints: [{ addresses: ['10.1.2.3'] }], ports: [port] },
  ConfigMap: { data: { a: 'b' } },
  Secret: { stringData: { a: 'b' } },
  Event: { involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' }, reason: 'Made', message: 'made' },
  SelfSubjectAccessReview: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
  SelfSubjectRulesReview: { spec: { namespace: 'default' } },
};

/** A valid object of a kind. */
export function validObject(kind: Kind, name: string): Values {
  const metadata = { name, ...(kind.namespaced ? { namespace: 'default' } : {}) };
  return { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, ...structuredClone(essentials[kind.kind] ?? {}) };
}

/** Changes an object at one place or a few: odd values, and once, when `bytes` is not 0, a huge one. */
export function spoil(object: Values, kind: Kind, { chance, bytes }: { chance: Chance; bytes: number }): void {
  const root = schemaNode(kind.schema());
  for (let count = chance.below(3); count > 0; count -= 1) change(object, root, { chance, make: value });
  if (bytes === 0) return;
  const make = (node: SchemaNode): unknown => huge(node, chance, bytes);
  if (chance.happens(0.4)) change(object, root, { chance, make });
  else put(object, root, { place: chance.pick(placesOf(kind)), chance, make });
}

/** Puts a huge value at the one of all places of all kinds that has this number: sooner or later, each has its turn. */
export function objectOfTurn(turn: number, name: string, { chance, bytes }: { chance: Chance; bytes: number }): Turn {
  const places = everyPlace();
  const { kind, place } = places[turn % places.length] ?? fail();
  const object = validObject(kind, name);
  const make = (node: SchemaNode): unknown =>
    node.type === 'list' ? longList(value(node.item, chance, 3), chance, bytes) : huge(node, chance, bytes);
  put(object, schemaNode(kind.schema()), { place, chance, make });
  return { kind, object, where: place.join('.') };
}

interface Turn {
  readonly kind: Kind;
  readonly object: Values;
  readonly where: string;
}

const everyPlace = once(() =>
  servedKinds.flatMap((kind) =>
    [...new Set(placesOf(kind).map((place) => place.join('.')))].map((text) => ({ kind, place: text.split('.') })),
  ),
);

function fail(): never {
  throw new Error('there are no kinds');
}

const placesByKind = new Map<string, readonly Place[]>();
type Place = readonly string[];

/** The ways to all lists, maps and texts of a kind that are not too deep; the items of a list are no step of their own. */
function placesOf(kind: Kind): readonly Place[] {
  const known = placesByKind.get(kind.kind);
  if (known !== undefined) return known;
  const places = placesIn(schemaNode(kind.schema()), []);
  placesByKind.set(kind.kind, places);
  return places;
}

function placesIn(node: SchemaNode, place: Place): readonly Place[] {
  if (place.length > 6) return [];
  switch (node.type) {
    case 'struct':
      return [...node.fields].flatMap(([name, { node: child }]) => placesIn(child, [...place, name]));
    case 'list':
      // Lists matter most: where there is one, something goes through it.
      return [place, place, place, ...placesIn(node.item, place)];
    case 'map':
      return [place];
    case 'scalar':
      return node.scalar === 'string' && place.length > 0 ? [place] : [];
    case 'any':
      return [];
  }
}

/** Puts a value at a place, with what has to be there above it. */
function put(object: Values, root: SchemaNode, { place, chance, make }: Change & { readonly place: Place }): void {
  let at: Values = object;
  let node: SchemaNode | undefined = root;
  for (const [step, name] of place.entries()) {
    node = childNode(node, name);
    if (node === undefined) return;
    if (step === place.length - 1) {
      at[name] = make(node, chance);
      return;
    }
    const there: unknown = Array.isArray(at[name]) ? (at[name] as unknown[])[0] : at[name];
    const next = isWay(there) ? (there as Values) : {};
    at[name] = node.type === 'list' ? [next] : next;
    at = next;
    if (node.type === 'list') node = node.item;
  }
}

interface Change {
  readonly chance: Chance;
  readonly make: (node: SchemaNode, chance: Chance) => unknown;
}

/** Goes down a random way, along what is there rather than not, and puts a value there. */
function change(at: unknown, node: SchemaNode, doing: Change): void {
  const { chance } = doing;
  if (Array.isArray(at)) {
    if (node.type !== 'list' || at.length === 0) return;
    const index = chance.below(at.length);
    if (isWay(at[index]) && chance.happens(0.9)) change(at[index], node.item, doing);
    else at[index] = doing.make(node.item, chance);
    return;
  }
  if (typeof at !== 'object' || at === null) return;
  const values = at as Values;
  const there = Object.keys(values).filter((key) => isWay(values[key]));
  if (there.length > 0 && chance.happens(0.75)) {
    const key = chance.pick(there);
    const child = childNode(node, key);
    if (child !== undefined) change(values[key], child, doing);
    return;
  }
  const keys = node.type === 'struct' ? [...node.fields.keys()] : ['a', 'b'];
  if (keys.length === 0) return;
  const key = chance.pick(keys);
  const child = childNode(node, key);
  if (child !== undefined) values[key] = doing.make(child, chance);
}

const isWay = (candidate: unknown): boolean => typeof candidate === 'object' && candidate !== null;
