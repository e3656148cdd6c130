import { observeService } from '../../aws/ecs/service.ts';
import { deployment } from '../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../kubernetes/kinds/apps/replica-set.ts';
import { replicationController } from '../../kubernetes/kinds/core/replication-controller.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { ObjectKey } from '../../kubernetes/object.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';
import { parseEcsServiceName } from '../../translate/names.ts';
import { ownerOfTags } from '../../translate/tags.ts';
import type { Context } from '../context.ts';
import { keyFor } from '../read-objects.ts';

/** The kinds that ECS services are made for. */
const workloadKinds: readonly Kind[] = [deployment, replicaSet, replicationController];

/** The object that an ECS service was made for; undefined when it is gone, or the service is not ours. */
export async function workloadOfService(context: Context, serviceName: string): Promise<StoredObject | undefined> {
  const named = parseEcsServiceName(serviceName);
  if (named === undefined) return byTags(context, serviceName);
  for (const kind of workloadKinds) {
    const record = await context.store.get(keyFor(kind, named.namespace, named.name));
    if (record?.uid.replaceAll('-', '').startsWith(named.uidPrefix) === true) return record;
  }
  return undefined;
}

/** Names that were too long do not tell: the tags do. */
async function byTags(context: Context, serviceName: string): Promise<StoredObject | undefined> {
  const service = await observeService(context.aws, context.installation.cluster, serviceName);
  const owner = service === undefined ? undefined : ownerOfTags(service.tags);
  const kind = workloadKinds.find((each) => each.kind === owner?.kind);
  if (owner === undefined || kind === undefined || owner.installation !== context.installation.name) return undefined;
  const key: ObjectKey = keyFor(kind, owner.namespace, owner.name);
  const record = await context.store.get(key);
  return record?.uid === owner.uid ? record : undefined;
}
