import { isJsonObject, own, type JsonObject } from '../json-value.ts';
import { badRequest } from '../status-error.ts';
import { directive, noMergeKey, unknownDirective, withoutDirectives } from './strategic-directives.ts';

/** Tells items apart: by the merge key, or lists of strings by the strings themselves. */
type Identify = (item: unknown) => unknown;

const identifyBy =
  (mergeKey: string | undefined): Identify =>
  (item) =>
    mergeKey === undefined || !isJsonObject(item) ? item : own(item, mergeKey);

/**
 * Merges the list of a patch into a list of the object. Items of the patch come in its order, before those that only the
 * object has where the object's own order does not say otherwise.
 */
export function mergeList(
  original: readonly unknown[],
  patch: readonly unknown[],
  how: { readonly mergeKey: string | undefined; mergeItem(present: JsonObject, change: JsonObject): JsonObject },
): readonly unknown[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (![...original, ...patch].some(isJsonObject)) {
    const merged = [...new Set([...original, ...patch])];
    return arrange(merged, { order: patch, previous: original, identify: (item) => item });
  }
  const { mergeKey } = how;
  if (mergeKey === undefined) throw badRequest('cannot merge lists without merge key');
  const identify = identifyBy(mergeKey);
  const { kept, changes } = carryOutItems(original, patch, mergeKey);
  const merged = [...kept];
  const positions = new Map(merged.map((item, index) => [identify(item), index]));
  for (const change of changes) {
    const position = positions.get(own(change, mergeKey));
    const present = position === undefined ? undefined : merged[position];
    if (position !== undefined && isJsonObject(present)) merged[position] = how.mergeItem(present, change);
    else {
      positions.set(own(change, mergeKey), merged.length);
      merged.push(withoutDirectives(change));
    }
  }
  return arrange(merged, { order: changes, previous: kept, identify });
}

/** Deletions and replacement, which stand among a patch's items, done; and the items that are left to merge. */
function carryOutItems(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { readonly kept: readonly unknown[]; readonly changes: readonly JsonObject[] } {
  const changes: JsonObject[] = [];
  const deleted = new Set<unknown>();
  let replaced = false;
  for (const item of patch) {
    if (!isJsonObject(item)) throw badRequest('list element types are not identical');
    const what = own(item, directive.patch);
    const named = Object.hasOwn(item, mergeKey);
    if (what === 'replace') replaced = true;
    else if (what !== undefined && what !== 'delete') throw unknownDirective(what, item);
    else if (!named) throw noMergeKey(item, mergeKey);
    else if (what === 'delete') deleted.add(item[mergeKey]);
    else changes.push(item);
  }
  if (replaced) return { kept: changes.map((change) => withoutDirectives(change)), changes: [] };
  const identify = identifyBy(mergeKey);
  return { kept: original.filter((item) => !deleted.has(identify(item))), changes };
}

/** `$deleteFromPrimitiveList` */
export function removeFromList(list: readonly unknown[], items: readonly unknown[]): readonly unknown[] {
  const removed = new Set(items);
  return list.filter((item) => !removed.has(item));
}

/** `$setElementOrder`: the items named in `order` in that order; the others keep their place among those of `previous`. */
export const orderList = (
  list: readonly unknown[],
  how: { readonly order: readonly unknown[]; readonly previous: unknown; readonly mergeKey: string | undefined },
): readonly unknown[] =>
  arrange(list, {
    order: how.order,
    previous: Array.isArray(how.previous) ? how.previous : [],
    identify: identifyBy(how.mergeKey),
  });

interface Arrangement {
  readonly order: readonly unknown[];
  readonly previous: readonly unknown[];
  readonly identify: Identify;
}

/**
 * Weaves the items that `order` names, in its order, with the others, in the order of `previous`. Of two candidates the
 * other goes first only when `previous` knows both and has it first (strategicpatch's mergeSortedSlice).
 */
function arrange(list: readonly unknown[], { order, previous, identify }: Arrangement): readonly unknown[] {
  const wanted = positionsIn(order, identify);
  const before = positionsIn(previous, identify);
  const rank = (positions: ReadonlyMap<unknown, number>, item: unknown): number =>
    positions.get(identify(item)) ?? Number.MAX_SAFE_INTEGER;
  const named = list.filter((item) => wanted.has(identify(item))).sort((a, b) => rank(wanted, a) - rank(wanted, b));
  const others = list.filter((item) => !wanted.has(identify(item))).sort((a, b) => rank(before, a) - rank(before, b));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const limit = before.get(identify(item)) ?? -1;
    while (next < others.length && rank(before, others[next]) < limit) result.push(others[next++]);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** The first position of each. */
function positionsIn(list: readonly unknown[], identify: Identify): ReadonlyMap<unknown, number> {
  const positions = new Map<unknown, number>();
  list.forEach((item, index) => {
    if (!positions.has(identify(item))) positions.set(identify(item), index);
  });
  return positions;
}
