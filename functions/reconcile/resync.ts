import { resourceOf } from '../../kubernetes/kind.ts';
import { formatKey } from '../../kubernetes/object.ts';
import { again } from '../../kubernetes/queue/queue.ts';
import { kinds } from '../../kubernetes/registry.ts';
import { allTombstones } from '../../kubernetes/tombstone.ts';
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
      for (const record of await listRecords(context.store, resourceOf(kind))) {
        const object = record.parse();
        // Those that a query finds are listed themselves.
        for (const related of kind.related(object, undefined)) if ('name' in related) keys.add(formatKey(related));
        if (kind.leavesTombstone && object.metadata.deletionTimestamp !== undefined) keys.add(formatKey(record.key));
        if (object.metadata.finalizers !== undefined) keys.add(garbageKey({ uid: record.uid, key: record.key }));
        for (const reference of object.metadata.ownerReferences ?? []) {
          const owner = referredOwner(record.key, reference);
          if (owner !== undefined) keys.add(garbageKey(owner));
        }
      }
    }
    for (const tombstone of await allTombstones(context.store)) keys.add(formatKey(tombstone.key));
    for (const key of keys) await context.queue.enqueue(key);
    return again(everySeconds);
  },
};
