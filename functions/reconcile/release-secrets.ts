import { deleteSecret, restoreSecret } from '../../aws/secrets-manager/secret.ts';
import { replicaSet } from '../../kubernetes/kinds/apps/replica-set.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import type { Context } from '../context.ts';
import { listObjects } from '../read-objects.ts';
import { recordedSecrets } from './recorded-secrets.ts';

/**
 * Deletes the secrets of an object that is gone, but for those that another revision uses. A revision writes down what it
 * needs and then makes it, or takes its deletion back; here what is written down is looked at once more after a deletion.
 * So whichever of the two comes first, a secret that is in use stays. May be repeated.
 */
export async function releaseSecrets(context: Context, object: KubernetesObject): Promise<void> {
  await releaseNamed(context, object, recordedSecrets(object));
}

/** The same for some secrets of an object that may still be there, and does not use them any more. */
export async function releaseNamed(
  context: Context,
  object: KubernetesObject,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    if (!(await isUsed(context, object, name))) await deleteSecret(context.aws, name);
    if (await isUsed(context, object, name)) await restoreSecret(context.aws, name);
  }
}

/** Only the ReplicaSets of a Deployment have secrets in common; whoever else has one has it alone. */
async function isUsed(context: Context, { metadata }: KubernetesObject, name: string): Promise<boolean> {
  const others = await listObjects(context.store, replicaSet, {
    namespace: metadata.namespace ?? '',
    where: ({ text, uid }) => uid !== metadata.uid && text.includes(name),
  });
  return others.some((each) => recordedSecrets(each).includes(name));
}
