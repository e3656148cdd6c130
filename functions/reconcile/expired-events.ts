import { event } from '../../kubernetes/kinds/core/event.ts';
import { keyOf } from '../../kubernetes/kind.ts';
import { formatKey } from '../../kubernetes/object.ts';
import { again } from '../../kubernetes/queue/queue.ts';
import { failuresOf } from '../apart.ts';
import { listObjects } from '../read-objects.ts';
import type { Reconciler } from './reconciler.ts';

/** The one key of this work: Events that are older than an hour go. */
export const expiredEventsKey = 'expired-events.skiff.dev//all';

/** kube-apiserver's --event-ttl. */
const timeToLiveMilliseconds = 3_600_000;
const everySeconds = 300;

export const expiredEvents: Reconciler = {
  async reconcile(context) {
    const oldest = context.clock.now() - timeToLiveMilliseconds;
    const failures = await failuresOf(await listObjects(context.store, event), {
      name: (each) => formatKey(keyOf(event, each)),
      work: async (each) => {
        const last = each.lastTimestamp ?? each.eventTime ?? each.metadata.creationTimestamp;
        if (last == null || Date.parse(last) > oldest) return;
        // One that was told again meanwhile has another revision, and stays.
        await context.store.delete(keyOf(event, each), Number(each.metadata.resourceVersion));
      },
    });
    for (const failure of failures) context.report(failure);
    return again(everySeconds);
  },
};
