import { isJsonObject, own } from '../json-value.ts';
import { defaultKeys, type ListNode } from '../schema-node.ts';
import { cut } from '../shown-value.ts';

export const fieldElement = (name: string): string => `f:${name}`;

/**
 * What tells an item of a `map` or `set` list apart: `k:{"name":"c"}`, `v:"x"`. `undefined` for an item that has no
 * value for a key. Keys stand in alphabetical order, with their defaults.
 */
export function itemElement(list: ListNode, item: unknown): string | undefined {
  if (list.listType === 'set') return `v:${JSON.stringify(item)}`;
  if (!isJsonObject(item)) return undefined;
  let text = '';
  for (const key of sortedKeys(list)) {
    const value = own(item, key) ?? defaultKeys[key];
    if (value === undefined) return undefined;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
  return `k:{${text}}`;
}

const keyOrders = new WeakMap<ListNode, readonly string[]>();

function sortedKeys(list: ListNode): readonly string[] {
  const known = keyOrders.get(list);
  if (known !== undefined) return known;
  const keys = [...list.keys].sort();
  keyOrders.set(list, keys);
  return keys;
}

/** The items of a list that is merged, by their elements; an item without its keys goes by its place. */
export function itemsByElement(list: ListNode, items: readonly unknown[]): ReadonlyMap<string, readonly unknown[]> {
  const byElement = new Map<string, unknown[]>();
  items.forEach((item, index) => {
    const element = itemElement(list, item) ?? `i:${index}`;
    const same = byElement.get(element);
    if (same === undefined) byElement.set(element, [item]);
    else same.push(item);
  });
  return byElement;
}

/** A path as conflicts show it: `.spec.template.spec.containers[name="c"].image`. */
export const formatElements = (path: readonly string[]): string => path.map(formatElement).join('');

/** A name or key of a client is cut. */
export function formatElement(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${cut(rest)}`;
  if (element.startsWith('v:')) return `[=${cut(rest)}]`;
  if (element.startsWith('i:')) return `[${cut(rest)}]`;
  return `[${cut(formatKeys(rest))}]`;
}

function formatKeys(json: string): string {
  try {
    const keys: unknown = JSON.parse(json);
    if (!isJsonObject(keys)) return json;
    return Object.entries(keys)
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(',');
  } catch {
    // A client may have written any text there.
    return json;
  }
}
