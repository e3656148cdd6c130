import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { namespace as namespaceKind, type Namespace } from '../../../kubernetes/kinds/core/namespace.ts';
import { serviceAccount } from '../../../kubernetes/kinds/core/service-account.ts';
import { resourceOf } from '../../../kubernetes/kind.ts';
import { formatKey, type ObjectKey } from '../../../kubernetes/object.ts';
import { again, done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import { kinds } from '../../../kubernetes/registry.ts';
import { canonical } from '../../../kubernetes/write/canonical.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { mayGo, removeRecord } from '../../../kubernetes/write/removal.ts';
import { failuresOf, throwAll } from '../../apart.ts';
import type { Context } from '../../context.ts';
import { ensureObject } from '../../ensure-object.ts';
import { keyFor, listRecords, readObject } from '../../read-objects.ts';
import { rootCertificateName, rootCertificateNamespace } from '../../root-certificate.ts';
import type { Reconciler } from '../reconciler.ts';

/** Holds a deleted namespace back until everything in it is gone. */
const contentFinalizer = 'kubernetes';

const waitSeconds = 1;

/** A namespace has its default ServiceAccount and root certificate; a deleted one goes when nothing is left in it. */
export const reconcileNamespace: Reconciler = {
  async reconcile(context, key) {
    const found = await readObject(context.store, namespaceKind, key);
    if (found === undefined) return done;
    if (found.metadata.deletionTimestamp !== undefined) return empty(context, key, found);
    await ensureContents(context, key.name);
    return done;
  },
};

async function ensureContents(context: Context, namespace: string): Promise<void> {
  await ensureObject(context, serviceAccount, {
    kind: 'ServiceAccount',
    apiVersion: 'v1',
    metadata: { name: 'default', namespace },
  });
  const original = await readObject(
    context.store,
    configMap,
    keyFor(configMap, rootCertificateNamespace, rootCertificateName),
  );
  if (original?.data === undefined) return;
  const data = { ...original.data };
  await ensureObject(context, configMap, {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: rootCertificateName, namespace, annotations: { ...original.metadata.annotations } },
    data,
  });
  await updateObject(context, configMap, {
    key: keyFor(configMap, namespace, rootCertificateName),
    change: (current) => ({ ...current, data }),
  });
}

/** Deletes all that is in the namespace, of every kind, and then gives up the hold that keeps it. */
async function empty(context: Context, key: ObjectKey, found: Namespace): Promise<Outcome> {
  let left = 0;
  const failures: unknown[] = [];
  for (const kind of kinds.filter(({ namespaced }) => namespaced)) {
    const failed = await failuresOf(await listRecords(context.store, resourceOf(kind), { namespace: key.name }), {
      name: (record) => formatKey(record.key),
      work: async (record) => {
        const { outcome } = await deleteObject(context, kind, { key: record.key, preconditions: { uid: record.uid } });
        if (outcome !== 'removed') left += 1;
      },
    });
    failures.push(...failed);
  }
  throwAll(failures);
  return left > 0 ? again(waitSeconds) : finalize(context, key, found);
}

/** What `/finalize` does for Kubernetes' own namespace controller: spec.finalizers cannot be changed otherwise. */
async function finalize(context: Context, key: ObjectKey, { metadata: { uid } }: Namespace): Promise<Outcome> {
  const record = await context.store.get(key);
  if (record === undefined || record.uid !== uid) return done;
  const last = record.parse<Namespace>();
  last.spec = { ...last.spec, finalizers: (last.spec?.finalizers ?? []).filter((each) => each !== contentFinalizer) };
  const result = mayGo(namespaceKind, last)
    ? await removeRecord(context.store, namespaceKind, { record, last })
    : await context.store.update(key, canonical(last), record.revision);
  return result.ok ? done : again(waitSeconds);
}
