import type { TagPlan } from './plan.ts';
import { ownerOfTags, tagKeys } from './tags.ts';

/** Whose a resource in AWS has to be before anything is done with it. */
export interface Ownership {
  /** Name of the installation. */
  readonly installation: string;
  /** Uids of the objects that it may have been made for. */
  readonly uids: readonly string[];
}

type Tags = Parameters<typeof ownerOfTags>[0];

/** Whether tags say that Skiff made a resource for one of these objects, or for one of them as a revision. */
export function isMadeFor(tags: Tags, { installation, uids }: Ownership): boolean {
  const owner = ownerOfTags(tags);
  if (owner === undefined || owner.installation !== installation || owner.manager !== 'runtime') return false;
  return uids.includes(owner.uid) || (owner.revision !== undefined && uids.includes(owner.revision));
}

/** For whom a plan's tags say that it is. */
export const ownershipOf = (tags: readonly TagPlan[]): Ownership => ({
  installation: tags.find(({ key }) => key === tagKeys.installation)?.value ?? '',
  uids: tags.filter(({ key }) => key === tagKeys.uid).map(({ value }) => value),
});
