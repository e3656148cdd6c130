import { formatGo } from '../go-format.ts';
import { isJsonObject, type JsonObject } from '../json-value.ts';
import { badRequest } from '../status-error.ts';

/** The keys of a strategic merge patch that are no fields. */
export const directive = {
  patch: '$patch',
  retainKeys: '$retainKeys',
  setElementOrder: '$setElementOrder/',
  deleteFromPrimitiveList: '$deleteFromPrimitiveList/',
} as const;

export const unknownDirective = (what: unknown, holder: JsonObject) =>
  badRequest(`unknown patch type: ${formatGo(what)} in map: ${formatGo(holder)}`);

export const noMergeKey = (item: JsonObject, mergeKey: string) =>
  badRequest(`map: ${formatGo(item)} does not contain declared merge key: ${mergeKey}`);

export interface ListDirectives {
  /** By the list's field: the order that its items shall have. */
  readonly orders: readonly (readonly [field: string, order: readonly unknown[]])[];
  /** By the list's field: the strings or numbers to take out. */
  readonly removals: readonly (readonly [field: string, items: readonly unknown[]])[];
  /** All that is no directive. */
  readonly fields: readonly (readonly [field: string, value: unknown])[];
}

/** Sorts the keys of a patch by what they are. */
export function listDirectives(patch: JsonObject): ListDirectives {
  const orders: [string, readonly unknown[]][] = [];
  const removals: [string, readonly unknown[]][] = [];
  const fields: [string, unknown][] = [];
  for (const [key, value] of Object.entries(patch)) {
    if (key === directive.retainKeys) continue;
    if (key.startsWith(directive.setElementOrder)) {
      if (!Array.isArray(value)) throw badRequest('invalid patch format of setElementOrder list');
      orders.push([key.slice(directive.setElementOrder.length), value]);
    } else if (key.startsWith(directive.deleteFromPrimitiveList)) {
      if (!Array.isArray(value)) throw badRequest('invalid patch format of primitive list');
      removals.push([key.slice(directive.deleteFromPrimitiveList.length), value]);
    } else fields.push([key, value]);
  }
  return { orders, removals, fields };
}

/** A part of a patch where there is nothing to merge it with: nulls and directives mean nothing there. */
export function withoutDirectives(patch: unknown): unknown {
  if (Array.isArray(patch))
    return patch
      .filter((item) => !(isJsonObject(item) && Object.hasOwn(item, directive.patch)))
      .map((item) => withoutDirectives(item));
  if (!isJsonObject(patch)) return patch;
  const kept = Object.entries(patch).filter(([key, value]) => value !== null && !isDirective(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutDirectives(value)]));
}

const isDirective = (key: string): boolean =>
  key === directive.patch ||
  key === directive.retainKeys ||
  key.startsWith(directive.setElementOrder) ||
  key.startsWith(directive.deleteFromPrimitiveList);
