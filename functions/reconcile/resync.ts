import { type Kind, resourceOf } from '../../kubernetes/kind.ts';
import { formatKey } from '../../kubernetes/object.ts';
import { again } from '../../kubernetes/queue/queue.ts';
import { kinds } from '../../kubernetes/registry.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import { allTombstones } from '../../kubernetes/tombstone.ts';
import { failuresOf } from '../apart.ts';
import { enqueueAll } from '../enqueue-all.ts';
import { listRecords } from '../read-objects.ts';
import { garbageKey, referredOwner } from './garbage/garbage-key.ts';
import type { Reconciler } from './reconciler.ts';

/** The one key of this work: everything is looked at again, whatever change or event was lost. */
export const resyncKey = 'resync.skiff.dev//all';

const everySeconds = 300;

export const resync: Reconciler = {
  async reconcile(context) {
    const keys = new Set<string>();
    for (const kind of kinds) {
      const failures = await failuresOf(await listRecords(context.store, resourceOf(kind)), {
        name: ({ key }) => formatKey(key),
        work: async (record) => keysOf(kind, record).forEach((key) => keys.add(key)),
      });
      for (const failure of failures) context.report(failure);
    }
    for (const tombstone of await allTombstones(context.store)) keys.add(formatKey(tombstone.key));
    await enqueueAll(
      context,
      [...keys].map((key) => [key, 0] as const),
    );
    return again(everySeconds);
  },
};

/** The keys that an object gives rise to. */
function keysOf(kind: Kind, record: StoredObject): readonly string[] {
  const object = record.parse();
  const { deletionTimestamp, finalizers, ownerReferences = [] } = object.metadata;
  return [
    // Those that a query finds are listed themselves.
    ...kind.related(object, undefined).flatMap((related) => ('name' in related ? [formatKey(related)] : [])),
    ...(kind.leavesTombstone && deletionTimestamp !== undefined ? [formatKey(record.key)] : []),
    ...(finalizers === undefined ? [] : [garbageKey({ uid: record.uid, key: record.key })]),
    ...ownerReferences.flatMap((reference) => referredOwner(record.key, reference) ?? []).map(garbageKey),
  ];
}
