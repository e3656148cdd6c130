import { isJsonObject } from '../json-value.ts';
import { childNode, type SchemaNode } from '../schema-node.ts';
import { isEmptySet, isMember, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';

/** The value without the fields and items of a set, and what is below them; `undefined` when nothing is left of it. */
export function removeFields(node: SchemaNode | undefined, value: unknown, set: FieldSet): unknown {
  if (isEmptySet(set)) return value;
  if (isJsonObject(value) && (node?.type === 'struct' || node?.type === 'map') && !node.atomic) {
    const kept = Object.entries(value).flatMap(([key, item]) =>
      keep(key, item, [childNode(node, key), set[fieldElement(key)]]),
    );
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  if (Array.isArray(value) && node?.type === 'list' && node.listType !== 'atomic') {
    const kept = value.flatMap((item: unknown, index) =>
      keep('', item, [node.item, set[itemElement(node, item) ?? `i:${index}`]]).map(([, rest]) => rest),
    );
    return kept.length === 0 ? undefined : kept;
  }
  return value;
}

/** The entry, what is left of it, or nothing. */
function keep(
  key: string,
  item: unknown,
  [node, set]: readonly [SchemaNode | undefined, FieldSet | undefined],
): readonly (readonly [string, unknown])[] {
  if (set === undefined) return [[key, item]];
  if (isMember(set)) return [];
  const rest = removeFields(node, item, set);
  return rest === undefined ? [] : [[key, rest]];
}
