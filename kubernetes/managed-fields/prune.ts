import type { SchemaNode } from '../schema-node.ts';
import { difference, emptySet, intersection, isEmptySet, union, unionOf, type FieldSet } from './field-set.ts';
import type { Managers } from './managers.ts';
import { fieldSetOf, withNamedFields } from './owned-fields.ts';
import { removeFields } from './remove-fields.ts';

/**
 * Takes out of a merged object what the applier applied last time, applies no longer, and nobody else manages. In three
 * steps, as structured-merge-diff does it: take out all that was applied; put back what anybody (the applier with its new
 * fields too) manages, and what it stands in; put back what the applier never had.
 */
export function prune(
  node: SchemaNode,
  merged: unknown,
  applied: { readonly last: FieldSet | undefined; readonly fields: FieldSet; readonly managers: Managers },
): unknown {
  const { last = emptySet, fields, managers } = applied;
  if (isEmptySet(difference(last, fields))) return merged;
  const named = (set: FieldSet): FieldSet => withNamedFields(node, set);
  const present = (value: unknown): FieldSet => (value === undefined ? emptySet : named(fieldSetOf(node, value)));
  const had = named(last);
  const all = present(merged);
  const managed = named(unionOf([fields, ...[...managers.values()].map((manager) => manager.fields)]));
  const neverHad = present(removeFields(node, merged, had));
  const kept = present(removeFields(node, merged, difference(all, union(neverHad, managed))));
  return removeFields(node, merged, intersection(difference(all, kept), had));
}
