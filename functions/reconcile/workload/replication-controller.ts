import { replicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import { done } from '../../../kubernetes/queue/queue.ts';
import { readObject } from '../../read-objects.ts';
import { soonest, type Reconciler } from '../reconciler.ts';
import { removeOwnService } from './own-service.ts';
import { reconcileOwnService } from './reconcile-own-service.ts';
import { stepRollingUpdate } from './rolling-update/run.ts';

export const reconcileReplicationController: Reconciler = {
  async reconcile(context, key) {
    const object = await readObject(context.store, replicationController, key);
    if (object === undefined) return done;
    const step = await stepRollingUpdate(context, object);
    const selector = { matchLabels: object.spec.selector ?? {} };
    const component = 'replication-controller';
    return soonest(
      step,
      await reconcileOwnService(context, replicationController, { key, object, component, selector }),
    );
  },
  remove: removeOwnService,
};
