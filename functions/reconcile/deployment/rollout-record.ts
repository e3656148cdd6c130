import { withoutKeys } from '../../../kubernetes/annotations.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { type Noted, type Notes, parseNoted } from '../../../kubernetes/notes.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Context } from '../../context.ts';
import { revisionOf } from './revision-annotations.ts';

/** What is noted of a ReplicaSet about its rollout. */
const keys = {
  /** The revision that the rest is about: one that is used again is rolled out again. */
  revision: 'rollout-revision',
  begun: 'rollout-begun',
  failure: 'rollout-failure',
  completed: 'completed-revision',
} as const;

export interface RolloutRecord {
  /** When the ECS service was first seen with it (RFC 3339). */
  readonly begun: string | undefined;
  /** Why its rollout was given up. */
  readonly failure: string | undefined;
  /** The last revision as which it was rolled out to the end, 0 for none. */
  readonly completed: number;
}

/** Reads the notes; what is about an earlier revision of the same ReplicaSet does not count. */
export function rolloutRecord({ metadata, notes }: Noted<ReplicaSet>): RolloutRecord {
  const read = (key: keyof typeof keys): string | undefined => notes[keys[key]];
  const current = Number(read('revision')) === revisionOf({ metadata });
  return {
    begun: current ? read('begun') : undefined,
    failure: current ? read('failure') : undefined,
    completed: Number(read('completed') ?? 0),
  };
}

/** Writes what has changed. Answers the ReplicaSet as it is then. */
export async function recordRollout(
  context: Context,
  replicaSet: Noted<ReplicaSet>,
  record: RolloutRecord,
): Promise<Noted<ReplicaSet>> {
  const before = rolloutRecord(replicaSet);
  const same = (['begun', 'failure', 'completed'] as const).every((key) => before[key] === record[key]);
  if (same) return replicaSet;
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => (current.metadata.uid === replicaSet.metadata.uid ? current : undefined),
    notes: (current) => ({
      ...withoutRollout(current),
      [keys.revision]: String(revisionOf(replicaSet)),
      ...(record.begun === undefined ? {} : { [keys.begun]: record.begun }),
      ...(record.failure === undefined ? {} : { [keys.failure]: record.failure }),
      ...(record.completed === 0 ? {} : { [keys.completed]: String(record.completed) }),
    }),
  });
  return parseNoted<ReplicaSet>(object);
}

/** The notes without those of a rollout: that was in another Deployment's service. */
export const withoutRollout = (notes: Notes): Notes => withoutKeys(notes, Object.values(keys));
