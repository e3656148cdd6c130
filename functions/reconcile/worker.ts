import { formatKey, parseKey, type ObjectKey } from '../../kubernetes/object.ts';
import { again, done, type Outcome, type Worker } from '../../kubernetes/queue/queue.ts';
import { StatusError } from '../../kubernetes/status-error.ts';
import { findTombstones, removeTombstone, type Tombstone } from '../../kubernetes/tombstone.ts';
import { eachApart } from '../apart.ts';
import type { Context } from '../context.ts';
import { unseenFor } from '../late-reads.ts';
import { reconcileDeployment } from './deployment/reconcile-deployment.ts';
import { expiredEvents } from './expired-events.ts';
import { collectGarbage } from './garbage/collect-garbage.ts';
import { reconcileNamespace } from './namespace/reconcile-namespace.ts';
import { reconcilePod } from './pod/reconcile-pod.ts';
import { soonest, type Reconciler } from './reconciler.ts';
import { resync } from './resync.ts';
import { reconcileService } from './service/reconcile-service.ts';
import { reconcileReplicaSet } from './workload/replica-set.ts';
import { reconcileReplicationController } from './workload/replication-controller.ts';

/** Who looks at what, by the resource of the key. */
export const reconcilers: Readonly<Record<string, Reconciler>> = {
  'deployments.apps': reconcileDeployment,
  namespaces: reconcileNamespace,
  pods: reconcilePod,
  'replicasets.apps': reconcileReplicaSet,
  replicationcontrollers: reconcileReplicationController,
  services: reconcileService,
  'expired-events.skiff.dev': expiredEvents,
  'garbage.skiff.dev': collectGarbage,
  'resync.skiff.dev': resync,
};

/**
 * Refusals that say that somebody has written or deleted meanwhile what is being worked on, or that its namespace is
 * going (403): it is looked at as it is now.
 */
const changedMeanwhile: ReadonlySet<number> = new Set([403, 404, 409]);
const changedMeanwhileSeconds = 1;

/** Works on the keys of the queue. A key of a resource that nobody reconciles is done. */
export function createWorker(context: Context): Worker {
  return async (text) => {
    const key = parseKey(text);
    const reconciler = Object.hasOwn(reconcilers, key.resource) ? reconcilers[key.resource] : undefined;
    if (reconciler === undefined) return done;
    try {
      const outcomes: Outcome[] = [];
      // What is left of an object that had this name before does not hold up the one that has it now.
      await eachApart([() => removeDeleted(context, reconciler, key), () => reconciler.reconcile(context, key)], {
        name: () => `reconciling ${text}`,
        work: async (part) => outcomes.push(await part()),
      });
      return soonest(...outcomes);
    } catch (error) {
      if (!isChangedMeanwhile(error)) throw error;
      return again(changedMeanwhileSeconds);
    }
  };
}

function isChangedMeanwhile(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isChangedMeanwhile);
  return error instanceof StatusError && changedMeanwhile.has(error.code);
}

/**
 * Removes what is left in AWS of the objects that had this key before, each as its tombstone tells. One that was made a
 * moment ago is looked after again later: nothing found may mean nothing seen.
 */
async function removeDeleted(context: Context, reconciler: Reconciler, key: ObjectKey): Promise<Outcome> {
  if (reconciler.remove === undefined) return done;
  const remove = (tombstone: Tombstone) => reconciler.remove?.(context, tombstone) ?? done;
  const outcomes: (Outcome | number | undefined)[] = [];
  await eachApart(await findTombstones(context.store, key), {
    name: ({ record }) => formatKey(record.key),
    work: async (tombstone) => {
      const outcome = await remove(tombstone);
      const unseen = unseenFor(tombstone.object.metadata.creationTimestamp, context.clock.now());
      if ('done' in outcome && unseen === 0) await removeTombstone(context.store, tombstone);
      else outcomes.push(outcome, Math.ceil(unseen / 1000) || undefined);
    },
  });
  return soonest(...outcomes);
}
