import type { Kind } from '../../../kubernetes/kind.ts';
import { formatKey, type KubernetesObject, type ObjectKey } from '../../../kubernetes/object.ts';
import type { OwnerReference } from '../../../kubernetes/object-meta.ts';
import { again, done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import { kindByResource } from '../../../kubernetes/registry.ts';
import { StatusError } from '../../../kubernetes/status-error.ts';
import type { StoredObject } from '../../../kubernetes/store/store.ts';
import { deleteObject, type PropagationPolicy } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { eachApart } from '../../apart.ts';
import type { Context } from '../../context.ts';
import type { Reconciler } from '../reconciler.ts';
import { parseGarbageName, referredOwner, type OwnerIdentity } from './garbage-key.ts';

const foreground = 'foregroundDeletion';
const orphan = 'orphan';
const waitSeconds = 2;

/**
 * Kubernetes' garbage collector for one owner: its dependents go when it has gone, before it when it is deleted in the
 * foreground, or are let go when it is to leave orphans.
 */
export const collectGarbage: Reconciler = {
  async reconcile(context, { name }) {
    const owner = parseGarbageName(name);
    const dependents = await dependentsOf(context, owner);
    const record = await presentOwner(context, owner);
    if (record !== undefined) return letGo(context, record, dependents);
    await collectAll(context, dependents);
    return done;
  },
};

const ofRecord = ({ key }: StoredObject): string => formatKey(key);

const collectAll = (context: Context, dependents: readonly StoredObject[]): Promise<void> =>
  eachApart(dependents, { name: ofRecord, work: (dependent) => collect(context, dependent) });

async function presentOwner(context: Context, { uid, key }: OwnerIdentity): Promise<StoredObject | undefined> {
  const record = await context.store.get(key);
  return record?.uid === uid ? record : undefined;
}

/** The objects with a reference that means this owner: a uid alone says nothing, since clients write references. */
async function dependentsOf(context: Context, owner: OwnerIdentity): Promise<readonly StoredObject[]> {
  const found = await context.store.dependents(owner.uid);
  return found.filter((dependent) => referencesTo(owner, dependent).length > 0);
}

const referencesTo = (owner: OwnerIdentity, dependent: StoredObject): readonly OwnerReference[] =>
  (dependent.parse().metadata.ownerReferences ?? []).filter((reference) => {
    const referred = referredOwner(dependent.key, reference);
    return referred?.uid === owner.uid && formatKey(referred.key) === formatKey(owner.key);
  });

/**
 * An owner that has no namespace waits for none that has one: whoever may write in a namespace would hold up the deletion of
 * what is not theirs. (A kube-apiserver asks for permission on the owner's finalizers there.)
 */
const blocks = (dependent: StoredObject, owner: OwnerIdentity): boolean =>
  owner.key.namespace === dependent.key.namespace &&
  referencesTo(owner, dependent).some(({ blockOwnerDeletion }) => blockOwnerDeletion === true);

const finalizersOf = (record: StoredObject): readonly string[] => {
  const { deletionTimestamp, finalizers = [] } = record.parse().metadata;
  return deletionTimestamp === undefined ? [] : finalizers;
};

/** The owner is there. Unless it is being deleted, nothing is to be done. */
async function letGo(context: Context, owner: StoredObject, dependents: readonly StoredObject[]): Promise<Outcome> {
  const finalizers = finalizersOf(owner);
  if (finalizers.includes(orphan)) {
    await eachApart(dependents, {
      name: ofRecord,
      work: (dependent) => removeReferences(context, dependent, [owner.uid]),
    });
    await removeFinalizer(context, owner, orphan);
    return done;
  }
  if (!finalizers.includes(foreground)) return done;
  await collectAll(context, dependents);
  const left = await dependentsOf(context, owner);
  const blocking = left.filter((dependent) => blocks(dependent, owner));
  // Each dependent that goes asks for another look; this one is for one that went unseen.
  if (blocking.length > 0) return again(waitSeconds);
  await removeFinalizer(context, owner, foreground);
  return done;
}

/**
 * Does with an object what its owners' states call for: with one that stays it stays, and forgets those that have gone;
 * with none it is deleted, in the foreground if an owner that is deleted so waits for it and others wait in turn for it.
 */
async function collect(context: Context, dependent: StoredObject): Promise<void> {
  const kind = kindByResource(dependent.key.resource);
  if (kind === undefined) return;
  const references = dependent.parse().metadata.ownerReferences ?? [];
  const { gone, stays, waiting } = await ownersOf(context, dependent.key, references);
  if (stays) return removeReferences(context, dependent, gone);
  const blocked = waiting && (await dependentsOf(context, dependent)).length > 0;
  await remove(context, { kind, dependent, propagationPolicy: blocked ? 'Foreground' : policyOf(dependent.parse()) });
}

interface Owners {
  /** Uids of those that have gone, or wait for their dependents to go. */
  readonly gone: readonly string[];
  readonly stays: boolean;
  readonly waiting: boolean;
}

async function ownersOf(
  context: Context,
  dependent: ObjectKey,
  references: readonly OwnerReference[],
): Promise<Owners> {
  const gone: string[] = [];
  let stays = false;
  let waiting = false;
  for (const reference of references) {
    const owner = referredOwner(dependent, reference);
    const record = owner === undefined ? undefined : await presentOwner(context, owner);
    const waits = record !== undefined && finalizersOf(record).includes(foreground);
    if (owner === undefined || (record !== undefined && !waits)) stays = true;
    else gone.push(reference.uid);
    waiting ||= waits;
  }
  return { gone, stays, waiting };
}

/** What its own finalizers say of its dependents stays so. */
function policyOf({ metadata: { finalizers = [] } }: KubernetesObject): PropagationPolicy {
  if (finalizers.includes(orphan)) return 'Orphan';
  return finalizers.includes(foreground) ? 'Foreground' : 'Background';
}

async function remove(
  context: Context,
  { kind, dependent, propagationPolicy }: { kind: Kind; dependent: StoredObject; propagationPolicy: PropagationPolicy },
): Promise<void> {
  if (dependent.parse().metadata.deletionTimestamp !== undefined) return;
  await unlessGone(() =>
    deleteObject(context, kind, { key: dependent.key, propagationPolicy, preconditions: { uid: dependent.uid } }),
  );
}

async function removeReferences(context: Context, dependent: StoredObject, uids: readonly string[]): Promise<void> {
  const kind = kindByResource(dependent.key.resource);
  if (kind === undefined || uids.length === 0) return;
  const removed = new Set(uids);
  await unlessGone(() =>
    updateObject(context, kind, {
      key: dependent.key,
      change: (current) => {
        const { ownerReferences = [], ...metadata } = current.metadata;
        const kept = ownerReferences.filter((reference) => !removed.has(reference.uid));
        return { ...current, metadata: kept.length === 0 ? metadata : { ...metadata, ownerReferences: kept } };
      },
    }),
  );
}

/** Gives up a hold on an object that is being deleted; with the last one it goes. */
async function removeFinalizer(context: Context, record: StoredObject, finalizer: string): Promise<void> {
  const kind = kindByResource(record.key.resource);
  if (kind === undefined) return;
  await unlessGone(() =>
    updateObject(context, kind, {
      key: record.key,
      change: (current) => {
        if (current.metadata.uid !== record.uid) return undefined;
        const { finalizers = [], ...metadata } = current.metadata;
        const kept = finalizers.filter((each) => each !== finalizer);
        return { ...current, metadata: kept.length === 0 ? metadata : { ...metadata, finalizers: kept } };
      },
    }),
  );
}

/** Somebody else may have removed it, or another may have its name by now: either way there is nothing to do. */
async function unlessGone(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}
