import { isJsonObject, type JsonObject } from '../json-value.ts';
import { childNode, type ListNode, type MapNode, type SchemaNode, type StructNode } from '../schema-node.ts';
import { emptySet, isEmptySet, isMember, leaf, nodeOf, type FieldSet } from './field-set.ts';
import { fieldElement, itemsByElement } from './path-element.ts';

/** The fields that an applied object sets: its leaves, and the items of lists that are merged. */
export function fieldSetOf(node: SchemaNode, object: unknown): FieldSet {
  const set = below(node, object);
  return set === leaf ? emptySet : set;
}

/** What is owned at and below a value; `leaf` when it is owned as a whole. */
function below(node: SchemaNode | undefined, value: unknown): FieldSet {
  if (isJsonObject(value) && (node?.type === 'struct' || node?.type === 'map') && !node.atomic)
    return Object.keys(value).length === 0 ? leaf : ofEntries(node, value);
  if (Array.isArray(value) && node?.type === 'list' && node.listType !== 'atomic') return ofItems(node, value);
  return leaf;
}

/** The entries of a map are owned themselves; of a struct only its leaves, and structs without fields. */
function ofEntries(node: StructNode | MapNode, value: JsonObject): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const key of Object.keys(value)) {
    const set = below(childNode(node, key), value[key]);
    if (node.type === 'map') children[fieldElement(key)] = asMember(set);
    else if (set !== emptySet) children[fieldElement(key)] = set;
  }
  return orEmpty(children);
}

function ofItems(node: ListNode, value: readonly unknown[]): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const [element, [item]] of itemsByElement(node, value)) children[element] = asMember(below(node.item, item));
  return orEmpty(children);
}

const asMember = (set: FieldSet): FieldSet => (isEmptySet(set) ? leaf : { '.': leaf, ...set });

const orEmpty = (children: FieldSet): FieldSet => (isEmptySet(children) ? emptySet : children);

/**
 * The set with every field of a struct that leads to something in it. An applier that gave `spec.strategy.type` also gave
 * `spec.strategy`, and takes it along when it no longer does.
 */
export function withNamedFields(node: SchemaNode | undefined, set: FieldSet): FieldSet {
  const children: Record<string, FieldSet> = {};
  for (const element in set) {
    const inner = set[element];
    if (element === '.' || inner === undefined) continue;
    const name = element.slice(2);
    const isField = node?.type === 'struct' && element.startsWith('f:') && node.fields.has(name);
    const child = node === undefined ? undefined : node.type === 'list' ? node.item : childNode(node, name);
    const kept = nodeOf(isMember(inner) || isField, withNamedFields(child, inner));
    if (kept !== undefined) children[element] = kept;
  }
  return children;
}
