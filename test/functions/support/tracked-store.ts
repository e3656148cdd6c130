import { isJsonObject } from '../../../kubernetes/json-value.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import type { Change, Store, StoredObject } from '../../../kubernetes/store/store.ts';

/** Told of each field of a stored object that is looked at, as `Pod status.phase`, and of who looks. */
export type Reading = (field: string, reader: string) => void;

/** Files through which a reader looks; the one that called them is the reader. */
const between = /\/(tracked-store|owner|controller-key|condition|selector|kind)\.ts/;

/** A store whose objects tell which of their fields are read. Copying an object is not reading it. */
export function trackedStore(store: Store, reading: Reading): Store {
  const tracked = (record: StoredObject): StoredObject => ({
    key: record.key,
    uid: record.uid,
    revision: record.revision,
    labels: record.labels,
    text: record.text,
    notes: record.notes,
    parse: <T>() => {
      const object = record.parse<KubernetesObject & { readonly object?: KubernetesObject }>();
      // A tombstone holds the last state of another object. No client writes what else it says.
      const { kind } = object.object ?? object;
      const prefix = object.object === undefined ? '' : 'object.';
      const tell = (path: string): void => {
        if (path.startsWith(prefix) && !path.startsWith('object.notes.'))
          reading(`${kind} ${path.slice(prefix.length)}`, reader());
      };
      return watched(object, { path: '', tell }) as T;
    },
  });
  const result = <T extends { readonly ok: boolean }>(answer: T): T => {
    if ('object' in answer) return { ...answer, object: tracked(answer.object as StoredObject) };
    if ('objects' in answer) return { ...answer, objects: (answer.objects as StoredObject[]).map(tracked) };
    if ('items' in answer) return { ...answer, items: (answer.items as StoredObject[]).map(tracked) };
    return answer;
  };
  const change = ({ type, object, previous }: Change): Change => ({
    type,
    object: tracked(object),
    ...(previous === undefined ? {} : { previous: tracked(previous) }),
  });
  return {
    get: async (key) => {
      const record = await store.get(key);
      return record === undefined ? undefined : tracked(record);
    },
    list: async (query) => result(await store.list(query)),
    create: async (key, object) => result(await store.create(key, object)),
    update: async (key, object, revision) => result(await store.update(key, object, revision)),
    delete: async (key, revision) => result(await store.delete(key, revision)),
    transact: async (writes) => result(await store.transact(writes)),
    changes: async (query) => {
      const batch = await store.changes(query);
      return batch.ok ? { ...batch, changes: batch.changes.map(change) } : batch;
    },
    changed: (query, signal) => store.changed(query, signal),
    dependents: async (uid) => (await store.dependents(uid)).map(tracked),
    revision: () => store.revision(),
  };
}

/** The file that looks: `functions/pod-task.ts`. */
function reader(): string {
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  // The names of files alone: a stack in words takes a hundred times as long.
  Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName() ?? '');
  const files = new Error('where').stack as unknown as readonly string[];
  Reflect.set(Error, 'prepareStackTrace', prepare);
  const file = files.find((each) => each.endsWith('.ts') && !between.test(each)) ?? '';
  return /((?:functions|translate|kubernetes|aws|local|test)\/[\w/-]+\.ts)$/.exec(file)?.[1] ?? '';
}

interface Place {
  readonly path: string;
  readonly tell: (path: string) => void;
}

const isMap = (path: string): boolean => /\.(annotations|labels)$/.test(path);

function memberOf(path: string, key: string, isList: boolean): string {
  if (isList) return `${path}[]`;
  if (path.endsWith('.annotations')) return `${path}[${key}]`;
  if (path.endsWith('.labels')) return `${path}[*]`;
  return path === '' ? key : `${path}.${key}`;
}

function watched(value: object, { path, tell }: Place): object {
  /** Keys that are about to be read because all of them are copied. */
  let copied = new Set<PropertyKey>();
  return new Proxy(value, {
    ownKeys: (target) => {
      const keys = Reflect.ownKeys(target);
      copied = new Set(keys);
      if (path.endsWith('.annotations')) tell(`${path}[*]`);
      return keys;
    },
    get: (target, key, receiver) => {
      const found: unknown = Reflect.get(target, key, receiver);
      const isList = Array.isArray(target);
      if (typeof key === 'symbol' || typeof found === 'function' || (isList && key === 'length')) return found;
      const at = memberOf(path, key, isList);
      const isRead = !copied.delete(key) && (found === undefined ? isMap(path) : typeof found !== 'object');
      if (isRead) tell(at);
      return isJsonObject(found) || Array.isArray(found) ? watched(found, { path: at, tell }) : found;
    },
  });
}
