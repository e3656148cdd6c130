import { deleteSecret, restoreSecret } from '../../aws/secrets-manager/secret.ts';
import { replicaSet } from '../../kubernetes/kinds/apps/replica-set.ts';
import type { Noted } from '../../kubernetes/notes.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { eachApart } from '../apart.ts';
import type { Context } from '../context.ts';
import { resourceOf } from '../../kubernetes/kind.ts';
import { listRecords } from '../read-objects.ts';
import { madeFor } from '../ownership.ts';
import { recordedSecrets, secretOwners } from './recorded-secrets.ts';

/**
 * Deletes the secrets of an object that is gone, but for those that another revision uses. A revision writes down what it
 * needs and then makes it, or takes its deletion back; here what is written down is looked at once more after a deletion.
 * So whichever of the two comes first, a secret that is in use stays. May be repeated.
 */
export async function releaseSecrets(context: Context, object: Noted): Promise<void> {
  await releaseNamed(context, object, recordedSecrets(object));
}

/** The same for some secrets of an object that may still be there, and does not use them any more. */
export async function releaseNamed(context: Context, object: Noted, names: readonly string[]): Promise<void> {
  const ownership = madeFor(context, object, ...secretOwners(object));
  await eachApart(names, {
    name: (name) => name,
    work: async (name) => {
      if (!(await isUsed(context, object, name))) await deleteSecret(context.aws, name, ownership);
      if (await isUsed(context, object, name)) await restoreSecret(context.aws, name, ownership);
    },
  });
}

/** Only the ReplicaSets of a Deployment have secrets in common; whoever else has one has it alone. */
async function isUsed(context: Context, { metadata }: KubernetesObject, name: string): Promise<boolean> {
  const others = await listRecords(context.store, resourceOf(replicaSet), {
    namespace: metadata.namespace ?? '',
    where: (record) => record.uid !== metadata.uid && recordedSecrets(record).includes(name),
  });
  return others.length > 0;
}
