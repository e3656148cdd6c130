import { tagKeys } from '../../translate/tags.ts';
import type { Targets } from './operation-permissions.ts';
import type { Conditions } from './permission.ts';

/**
 * What makes the account itself refuse what is not the installation's. Which action knows which of these keys is in the
 * Service Authorization Reference: with a key that it does not know, an action is never allowed, or not limited at all.
 */

type Named = Pick<Targets, 'installationName'>;

/** What the reconcilers have made: not another installation's, nor a stack's. A key that is missing does not match. */
export const owned = ({ installationName }: Named): Conditions => ({
  StringEquals: {
    [`aws:ResourceTag/${tagKeys.installation}`]: installationName,
    [`aws:ResourceTag/${tagKeys.manager}`]: 'runtime',
  },
});

/** ECS's own tags of tasks (enableECSManagedTags). */
const managedTags = ['aws:ecs:clusterName', 'aws:ecs:serviceName'];

/** What is being made is marked as what the reconcilers make, and with no tag that means something to others. */
export const marked = ({ installationName }: Named): Conditions => ({
  StringEquals: {
    [`aws:RequestTag/${tagKeys.installation}`]: installationName,
    [`aws:RequestTag/${tagKeys.manager}`]: 'runtime',
  },
  'ForAllValues:StringEquals': { 'aws:TagKeys': [...Object.values(tagKeys), ...managedTags] },
});

/** All of them, operator by operator. */
export function allOf(...all: readonly Conditions[]): Conditions {
  const merged: Record<string, Record<string, string | readonly string[]>> = {};
  for (const [operator, keys] of all.flatMap((each) => Object.entries(each)))
    merged[operator] = { ...merged[operator], ...keys };
  return merged;
}

/** Why reads are not limited by tags. */
export const readsWhatIsMissing =
  'what is not there has no tags, and is to be told missing: with a tag asked for, it would be refused';
