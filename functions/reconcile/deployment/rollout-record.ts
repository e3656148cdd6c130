import { withoutKeys } from '../../../kubernetes/annotations.ts';
import { replicaSet as replicaSetKind, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Context } from '../../context.ts';
import { revisionOf } from './revision-annotations.ts';

/** What a ReplicaSet remembers of its rollout, in its annotations. */
const annotations = {
  /** The revision that the rest is about: one that is used again is rolled out again. */
  revision: 'skiff.dev/rollout-revision',
  begun: 'skiff.dev/rollout-begun',
  failure: 'skiff.dev/rollout-failure',
  completed: 'skiff.dev/completed-revision',
} as const;

export interface RolloutRecord {
  /** When the ECS service was first seen with it (RFC 3339). */
  readonly begun: string | undefined;
  /** Why its rollout was given up. */
  readonly failure: string | undefined;
  /** The last revision as which it was rolled out to the end, 0 for none. */
  readonly completed: number;
}

/** Reads the annotations; what is about an earlier revision of the same ReplicaSet does not count. */
export function rolloutRecord({ metadata }: ReplicaSet): RolloutRecord {
  const read = (key: keyof typeof annotations): string | undefined => metadata.annotations?.[annotations[key]];
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
  replicaSet: ReplicaSet,
  record: RolloutRecord,
): Promise<ReplicaSet> {
  const before = rolloutRecord(replicaSet);
  const same = (['begun', 'failure', 'completed'] as const).every((key) => before[key] === record[key]);
  if (same) return replicaSet;
  const { object } = await updateObject(context, replicaSetKind, {
    key: keyOf(replicaSetKind, replicaSet),
    change: (current) => {
      if (current.metadata.uid !== replicaSet.metadata.uid) return undefined;
      current.metadata.annotations = {
        ...withoutRollout(current.metadata.annotations),
        [annotations.revision]: String(revisionOf(replicaSet)),
        ...(record.begun === undefined ? {} : { [annotations.begun]: record.begun }),
        ...(record.failure === undefined ? {} : { [annotations.failure]: record.failure }),
        ...(record.completed === 0 ? {} : { [annotations.completed]: String(record.completed) }),
      };
      return current;
    },
  });
  return object.parse<ReplicaSet>();
}

/** The annotations without what is remembered of a rollout: that was in another Deployment's service. */
export const withoutRollout = (given: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  withoutKeys(given, Object.values(annotations));
