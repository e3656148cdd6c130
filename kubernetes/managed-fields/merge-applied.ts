import { isJsonObject, own, type JsonObject } from '../json-value.ts';
import { childNode, type ListNode, type SchemaNode } from '../schema-node.ts';
import { itemElement, itemsByElement } from './path-element.ts';

/**
 * The live object with an applied one laid over it: structs, maps and lists with keys are merged, all else is taken from
 * the applied one, in which null removes. Parts of both are shared with the result.
 */
export function mergeApplied(node: SchemaNode | undefined, live: unknown, applied: unknown): unknown {
  if (live === undefined) return withoutNulls(applied);
  if (node !== undefined && isJsonObject(live) && isJsonObject(applied) && isGranular(node))
    return mergeEntries(node, live, applied);
  if (Array.isArray(live) && Array.isArray(applied) && node?.type === 'list' && node.listType !== 'atomic')
    return mergeItems(node, live, applied);
  return withoutNulls(applied);
}

const isGranular = (node: SchemaNode): boolean => (node.type === 'struct' || node.type === 'map') && !node.atomic;

function mergeEntries(node: SchemaNode, live: JsonObject, applied: JsonObject): JsonObject {
  const result = { ...live };
  for (const [key, value] of Object.entries(applied)) {
    if (value === null) delete result[key];
    else result[key] = mergeApplied(childNode(node, key), own(live, key), value);
  }
  return result;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}

/**
 * Merges two lists by their keys. Applied items stand in the applied order; live items that were not applied stay where
 * they are among them (structured-merge-diff's mergingWalker).
 */
function mergeItems(node: ListNode, live: readonly unknown[], applied: readonly unknown[]): readonly unknown[] {
  const liveElements = elementsOf(node, live);
  const appliedElements = elementsOf(node, applied);
  const liveItems = itemsByElement(node, live);
  const isApplied = new Set(appliedElements);
  const shared = appliedElements.filter((element) => liveItems.has(element));
  const done = new Set<string>();
  const result: unknown[] = [];
  let nextShared = 0;
  let l = 0;
  let a = 0;
  const takeApplied = (): void => {
    const element = appliedElements[a] ?? '';
    done.add(element);
    result.push(mergeApplied(node.item, liveItems.get(element)?.[0], applied[a]));
    a += 1;
    if (shared[nextShared] === element) nextShared += 1;
  };
  while (l < live.length || a < applied.length) {
    const element = liveElements[l] ?? '';
    if (l >= live.length) takeApplied();
    else if (!isApplied.has(element)) {
      result.push(live[l]);
      l += 1;
    } else if (a < applied.length && element === appliedElements[a]) {
      l += 1;
      takeApplied();
    } else if (a < applied.length && nextShared < shared.length && shared[nextShared] !== element) l += 1;
    else {
      if (done.has(element)) l += 1;
      if (a < applied.length) takeApplied();
    }
  }
  return result;
}

const elementsOf = (node: ListNode, items: readonly unknown[]): readonly string[] =>
  items.map((item, index) => itemElement(node, item) ?? `i:${index}`);
