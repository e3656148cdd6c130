import { deregisterTaskDefinition } from '../../../aws/ecs/task-definition.ts';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { formatKey, type KubernetesObject } from '../../../kubernetes/object.ts';
import { controllerOf } from '../../../kubernetes/owner.ts';
import { done } from '../../../kubernetes/queue/queue.ts';
import { madeFor } from '../../ownership.ts';
import { keyFor, readObject } from '../../read-objects.ts';
import type { Reconciler } from '../reconciler.ts';
import { releaseSecrets } from '../release-secrets.ts';
import { removeOwnService } from './own-service.ts';
import { reconcileOwnService } from './reconcile-own-service.ts';
import { formerDefinitions, recordedDefinition, templateNote } from './recorded-definition.ts';

/** The name of the Deployment whose ECS service runs its pods, if there is one. */
function deploymentName(object: KubernetesObject): string | undefined {
  const owner = controllerOf(object);
  return owner?.kind === deployment.kind && owner.apiVersion.startsWith(`${deployment.group}/`)
    ? owner.name
    : undefined;
}

/** A Deployment's ReplicaSet is a revision of the Deployment's service; one that stands alone has its own. */
export const reconcileReplicaSet: Reconciler = {
  async reconcile(context, key) {
    const object = await readObject(context.store, replicaSet, key);
    if (object === undefined) return done;
    const name = deploymentName(object);
    if (name === undefined) {
      const { selector } = object.spec;
      return reconcileOwnService(context, replicaSet, { key, object, component: 'replicaset-controller', selector });
    }
    await context.queue.enqueue(formatKey(keyFor(deployment, key.namespace, name)));
    return done;
  },

  async remove(context, tombstone) {
    const { object } = tombstone;
    // Whatever controller it names now: the note says whether it has had a service of its own.
    const hadService = deploymentName(object) === undefined || object.notes[templateNote] !== undefined;
    const outcome = hadService ? await removeOwnService(context, tombstone) : done;
    if (!('done' in outcome)) return outcome;
    for (const arn of [recordedDefinition(object) ?? [], formerDefinitions(object)].flat()) {
      await deregisterTaskDefinition(context.aws, arn, madeFor(context, object));
    }
    if (!hadService) await releaseSecrets(context, object);
    return done;
  },
};
