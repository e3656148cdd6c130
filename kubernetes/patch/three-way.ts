import { equalJson, isJsonObject, own, type JsonObject } from '../json-value.ts';
import type { Kind } from '../kind.ts';
import { schemaNode, type Field, type SchemaNode } from '../schema-node.ts';
import { directive } from './strategic-directives.ts';
import { strategicMergePatch } from './strategic.ts';

export interface ThreeWayMerge {
  /** What was applied last; absent when nobody applied yet. */
  readonly original: JsonObject | undefined;
  /** What is applied now. */
  readonly modified: JsonObject;
  /** The object as it is. */
  readonly current: JsonObject;
}

/**
 * What `kubectl apply` makes of an object: `modified` is merged into it strategically, and what was applied last and is no
 * longer wanted goes; all else stays as others have set it. The arguments are left as they are.
 */
export function threeWayMerge(kind: Pick<Kind, 'schema'>, merge: ThreeWayMerge): unknown {
  const node = schemaNode(kind.schema());
  const { original = {}, modified, current } = merge;
  const kept = strategicMergePatch(kind, current, removals(node, original, modified));
  return strategicMergePatch(kind, kept, additions(node, modified, kept));
}

const fieldOf = (node: SchemaNode | undefined, name: string): Field | undefined =>
  node?.type === 'struct' ? node.fields.get(name) : undefined;

const childOf = (node: SchemaNode | undefined, name: string): SchemaNode | undefined =>
  node?.type === 'map' ? node.value : fieldOf(node, name)?.node;

const itemOf = (node: SchemaNode | undefined): SchemaNode | undefined =>
  node?.type === 'list' ? node.item : undefined;

const isMerged = (field: Field | undefined): field is Field => field?.patchStrategies.includes('merge') ?? false;

/** A patch that takes away what is in `original` and not in `modified`. */
function removals(node: SchemaNode | undefined, original: JsonObject, modified: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const [name, before] of Object.entries(original)) {
    const after = own(modified, name);
    const field = fieldOf(node, name);
    if (after === undefined || after === null) patch[name] = null;
    else if (isJsonObject(before) && isJsonObject(after)) {
      const nested = removals(childOf(node, name), before, after);
      if (Object.keys(nested).length > 0) patch[name] = nested;
    } else if (Array.isArray(before) && Array.isArray(after) && isMerged(field) && !equalJson(before, after)) {
      Object.assign(patch, listRemovals(field, before, after));
    }
  }
  return patch;
}

function listRemovals(field: Field, before: readonly unknown[], after: readonly unknown[]): JsonObject {
  const { name, patchMergeKey: key } = field;
  if (key === undefined) {
    const kept = new Set(after);
    const gone = before.filter((item) => !kept.has(item));
    return gone.length === 0 ? {} : { [`${directive.deleteFromPrimitiveList}${name}`]: gone };
  }
  const wantedItems = byKey(after, key);
  const items = before.filter(isJsonObject).flatMap((item): JsonObject[] => {
    const wanted = wantedItems.get(JSON.stringify(item[key]));
    if (wanted === undefined) return [{ [directive.patch]: 'delete', [key]: item[key] }];
    const nested = removals(itemOf(field.node), item, wanted);
    return Object.keys(nested).length === 0 ? [] : [{ ...nested, [key]: item[key] }];
  });
  return items.length === 0 ? {} : { [name]: items };
}

/** The objects of a list by their keys as JSON; of those with the same key the first. */
const byKey = (list: readonly unknown[], key: string): ReadonlyMap<string | undefined, JsonObject> =>
  new Map(
    list
      .filter(isJsonObject)
      .map((item) => [JSON.stringify(item[key]), item] as const)
      .toReversed(),
  );

/** `modified` as a patch: with the order of its lists, and without the alternatives to what it chooses. */
function additions(node: SchemaNode | undefined, modified: JsonObject, current: unknown): JsonObject {
  const patch: JsonObject = {};
  for (const [name, value] of Object.entries(modified)) {
    const field = fieldOf(node, name);
    const present = isJsonObject(current) ? own(current, name) : undefined;
    if (isJsonObject(value)) patch[name] = alternative(field, additions(childOf(node, name), value, present), present);
    else if (Array.isArray(value) && isMerged(field)) Object.assign(patch, listAdditions(field, value, present));
    else patch[name] = value;
  }
  return patch;
}

function listAdditions(field: Field, value: readonly unknown[], present: unknown): JsonObject {
  const { name, patchMergeKey: key } = field;
  const order = `${directive.setElementOrder}${name}`;
  if (key === undefined) return { [name]: value, [order]: value };
  if (repeats(value, key) && Array.isArray(present) && covers(present, value)) return {};
  const presentItems = byKey(Array.isArray(present) ? present : [], key);
  const items = value.map((item: unknown): unknown => {
    if (!isJsonObject(item)) return item;
    const known = presentItems.get(JSON.stringify(item[key]));
    return alternative(field, additions(itemOf(field.node), item, known), known);
  });
  return { [name]: items, [order]: value.map((item: unknown) => (isJsonObject(item) ? { [key]: item[key] } : item)) };
}

/** Whether two items have the same key, as the variables of a container may: a patch knows but one item of a key. */
const repeats = (list: readonly unknown[], key: string): boolean =>
  new Set(list.map((item) => (isJsonObject(item) ? item[key] : item))).size < list.length;

/** Whether `present` is `value` already, with nothing more than what a server fills in. */
function covers(present: unknown, value: unknown): boolean {
  if (Array.isArray(value)) {
    const same = Array.isArray(present) && present.length === value.length;
    return same && value.every((item, index) => covers(present[index], item));
  }
  if (!isJsonObject(value)) return equalJson(present, value);
  return isJsonObject(present) && Object.entries(value).every(([name, item]) => covers(own(present, name), item));
}

/** Where fields exclude each other (volumes, strategies), those that a changed value does not name go. */
function alternative(field: Field | undefined, patch: JsonObject, present: unknown): JsonObject {
  if (!isJsonObject(present) || !field?.patchStrategies.includes('retainKeys')) return patch;
  const fields = Object.keys(patch).filter((key) => !key.startsWith('$'));
  const changes = fields.some((key) => !equalJson(own(present, key), patch[key]));
  return changes ? { ...patch, [directive.retainKeys]: fields.filter((key) => patch[key] !== null) } : patch;
}
