import type { Kind } from '../kind.ts';
import { untracked } from './compare.ts';
import { difference, leaf, type FieldSet } from './field-set.ts';

/** Never in anybody's entry: what names the object, and what the server alone writes. */
const nobodys: FieldSet = {
  'f:apiVersion': leaf,
  'f:kind': leaf,
  'f:metadata': { '.': leaf, ...Object.fromEntries([...untracked].map((name) => [`f:${name}`, leaf])) },
};

/**
 * What of a set is tracked for a write: a write to the object leaves its status alone where that has a path of its own,
 * and a write to the status leaves all else.
 */
export function trackedFields(
  kind: Pick<Kind, 'subresources'>,
  set: FieldSet,
  subresource: string | undefined,
): FieldSet {
  const own = difference(set, nobodys);
  if (subresource === 'status') {
    const status = own['f:status'];
    return status === undefined ? {} : { 'f:status': status };
  }
  if (!kind.subresources.status || own['f:status'] === undefined) return own;
  const { 'f:status': _status, ...rest } = own;
  return rest;
}
