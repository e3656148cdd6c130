import { formatKey, type KubernetesObject } from '../kubernetes/object.ts';
import type { Related } from '../kubernetes/kind.ts';
import { pacedCharacters } from '../kubernetes/limits.ts';
import { kindByResource } from '../kubernetes/registry.ts';
import type { Change, StoredObject } from '../kubernetes/store/store.ts';
import { endOfTurn } from './end-of-turn.ts';
import type { Context } from './context.ts';
import { enqueueAll } from './enqueue-all.ts';
import { listRecords } from './read-objects.ts';
import { expiredEventsKey } from './reconcile/expired-events.ts';
import { garbageKey, referredOwner } from './reconcile/garbage/garbage-key.ts';
import { resyncKey } from './reconcile/resync.ts';
import { shownKey } from './shown-key.ts';

/** Changes that are worked on together. */
const batchSize = 500;
/** An owner is there when its dependents are made, nearly always: one look for all that come close together. */
const ownerCheckSeconds = 5;

/**
 * Turns the store's changes into work until the signal aborts. Everything is looked at once at the start, and again when
 * changes have been missed; what happens meanwhile is among the changes.
 */
export async function watchStore(context: Context, signal: AbortSignal): Promise<void> {
  const { store, queue } = context;
  let after = await store.revision();
  await queue.enqueue(resyncKey);
  await queue.enqueue(expiredEventsKey);
  while (!signal.aborted) {
    const batch = await store.changes({ after, limit: batchSize });
    if (batch.ok) {
      await enqueueChanges(context, batch.changes);
      after = batch.revision;
      if (batch.changes.length === 0) await store.changed({ after }, signal);
    } else {
      after = await store.revision();
      await queue.enqueue(resyncKey);
    }
  }
}

/** Asks for all the work that changes give rise to. */
export async function enqueueChanges(context: Context, changes: readonly Change[]): Promise<void> {
  const keys = new Map<string, number>();
  const candidates = candidateReader(context);
  for (const change of changes) {
    if (change.object.text.length > pacedCharacters) await endOfTurn();
    for (const key of await relatedKeys(context, change, candidates)) keys.set(key, 0);
    for (const [key, delaySeconds] of unlessUnreadable(context, change.object, () => garbageWork(change)) ?? []) {
      keys.set(key, Math.min(delaySeconds, keys.get(key) ?? delaySeconds));
    }
  }
  await enqueueAll(context, keys);
}

/** What is made of one object; when that fails the object is reported and passed over, and undefined is the answer. */
function unlessUnreadable<T>(context: Context, { key }: StoredObject, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    context.report(new Error(`${shownKey(formatKey(key))} is passed over`, { cause: error }));
    return undefined;
  }
}

type Candidates = (resource: string, namespace: string | undefined) => Promise<readonly StoredObject[]>;

const parsed = new WeakMap<StoredObject, KubernetesObject>();

/** For looking only. Kept as long as the record is: the same Services are asked at every change of a Pod. */
function parsedOnce(record: StoredObject): KubernetesObject {
  const object = parsed.get(record) ?? record.parse();
  parsed.set(record, object);
  return object;
}

/** Reads what queries are asked of, once for all changes: what is made later is a change of its own. */
function candidateReader(context: Context): Candidates {
  const read = new Map<string, Promise<readonly StoredObject[]>>();
  return (resource, namespace) => {
    const name = `${resource}/${namespace ?? '*'}`;
    const known = read.get(name);
    if (known !== undefined) return known;
    const reading = listRecords(context.store, resource, namespace === undefined ? {} : { namespace });
    read.set(name, reading);
    return reading;
  };
}

/**
 * What the kind says is to be looked at again. What is being deleted, or was, is looked at itself too when something of
 * it may be left in AWS, whoever looks after it otherwise.
 */
async function relatedKeys(context: Context, change: Change, candidates: Candidates): Promise<readonly string[]> {
  const { type, object, previous } = change;
  const kind = kindByResource(object.key.resource);
  if (kind === undefined) return [];
  const found = unlessUnreadable(context, object, () => {
    const changed = object.parse();
    const ends = type === 'DELETED' || changed.metadata.deletionTimestamp !== undefined;
    return { related: kind.related(changed, previous?.parse()), ends };
  });
  if (found === undefined) return [];
  const keys: string[] = [];
  for (const related of found.related) keys.push(...(await resolve(context, related, candidates)));
  if (kind.leavesTombstone && found.ends) keys.push(formatKey(object.key));
  return keys;
}

async function resolve(context: Context, related: Related, candidates: Candidates): Promise<readonly string[]> {
  if ('name' in related) return [formatKey(related)];
  const records = await candidates(related.resource, related.namespace);
  return records
    .filter((record) => unlessUnreadable(context, record, () => related.where(parsedOnce(record))) === true)
    .map(({ key }) => formatKey(key));
}

/** What the garbage collector has to look at, and after how many seconds. */
function garbageWork({ type, object: record, previous }: Change): readonly (readonly [key: string, seconds: number])[] {
  const self = garbageKey({ uid: record.uid, key: record.key });
  // Most changes are of objects that nobody owns and that stay: the text tells so without being parsed.
  const mayConcern = record.text.includes('"ownerReferences"') || record.text.includes('"deletionTimestamp"');
  if (!mayConcern) return type === 'DELETED' ? [[self, 0]] : [];
  const { metadata } = record.parse();
  const owners = (metadata.ownerReferences ?? []).flatMap((reference) => referredOwner(record.key, reference) ?? []);
  if (type === 'DELETED') return [[self, 0], ...owners.map((owner) => [garbageKey(owner), 0] as const)];
  const waits = metadata.deletionTimestamp !== undefined && metadata.finalizers !== undefined;
  const before = new Set(previous?.parse().metadata.ownerReferences?.map(({ uid }) => uid));
  const added = owners.filter(({ uid }) => !before.has(uid));
  return [
    ...(waits ? [[self, 0] as const] : []),
    ...added.map((owner) => [garbageKey(owner), ownerCheckSeconds] as const),
  ];
}
