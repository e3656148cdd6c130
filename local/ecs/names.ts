import { clientError, clusterNotFound } from './errors.ts';
import type { ClusterRecord, EcsState, TaskDefinitionRecord } from './state.ts';
import type { View } from './world.ts';

/** The rule of all names in ECS. */
export const isName = (text: string): boolean => /^[A-Za-z0-9_-]{1,255}$/.test(text);

export const arn = (account: Pick<View, 'region' | 'accountId'>, rest: string): string =>
  `arn:aws:ecs:${account.region}:${account.accountId}:${rest}`;

/** What comes after the last slash: names and ids may be given alone or as ARNs. */
export const lastPart = (nameOrArn: string): string => nameOrArn.slice(nameOrArn.lastIndexOf('/') + 1);

/** The cluster that a call names; without a name, `default`. Throws ClusterNotFoundException. */
export function clusterOf(state: EcsState, cluster: string | undefined): ClusterRecord {
  const found = state.clusters.get(lastPart(cluster ?? 'default'));
  if (found === undefined) throw clusterNotFound();
  return found;
}

/** `family` is its newest ACTIVE revision, `family:revision` and an ARN are that one. */
export function findTaskDefinition(state: EcsState, reference: string): TaskDefinitionRecord | undefined {
  const [, family, revision] = /^([^:]+)(?::(\d+))?$/.exec(lastPart(reference)) ?? [];
  const revisions = state.taskDefinitions.get(family ?? '');
  if (revision !== undefined) return revisions?.[Number(revision) - 1];
  return revisions?.findLast((each) => each.deregisteredAt === undefined);
}

/** The same for something new to run: it must be there and ACTIVE. `inactive` makes the error of the operation. */
export function taskDefinitionToRun(
  state: EcsState,
  reference: string,
  inactive: (message: string) => Error,
): TaskDefinitionRecord {
  const found = findTaskDefinition(state, reference);
  if (found === undefined) throw clientError('TaskDefinition not found.');
  if (found.deregisteredAt !== undefined) throw inactive('TaskDefinition is inactive');
  return found;
}
