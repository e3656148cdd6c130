import { isJsonObject } from '../json-value.ts';

/**
 * A set of field paths in the form of `fieldsV1`, in which it is kept: a tree whose keys are path elements (`f:spec`,
 * `k:{"name":"c"}`, `v:"x"`). A path is in the set when its node is empty or has the key `.`. Sets are never changed.
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

type Children = Record<string, FieldSet>;

export const emptySet: FieldSet = {};
/** The node of a path that is in the set and has nothing below it. */
export const leaf: FieldSet = {};

export function isEmptySet(set: FieldSet): boolean {
  for (const _ in set) return false;
  return true;
}

/** Whether the path that leads to this node is in the set. */
export const isMember = (node: FieldSet): boolean => isEmptySet(node) || Object.hasOwn(node, '.');

/** The node for a path; `undefined` when neither it nor anything below it is in the set. */
export function nodeOf(member: boolean, children: FieldSet): FieldSet | undefined {
  if (isEmptySet(children)) return member ? leaf : undefined;
  return member ? { '.': leaf, ...children } : children;
}

export const union = (a: FieldSet, b: FieldSet): FieldSet => {
  const result: Children = { ...a };
  delete result['.'];
  for (const element in b) {
    const other = b[element];
    if (element === '.' || other === undefined) continue;
    const mine = result[element];
    if (mine === undefined) result[element] = other;
    else if (mine !== other)
      result[element] = nodeOf(isMember(mine) || isMember(other), union(mine, other)) ?? emptySet;
  }
  return result;
};

/** The union of any number of sets, each path of which is looked at once. */
export function unionOf(sets: readonly FieldSet[]): FieldSet {
  const nodes = new Map<string, FieldSet[]>();
  for (const set of sets) {
    for (const element in set) {
      const node = set[element];
      if (element === '.' || node === undefined) continue;
      const same = nodes.get(element);
      if (same === undefined) nodes.set(element, [node]);
      else same.push(node);
    }
  }
  const result: Children = {};
  for (const [element, same] of nodes) {
    const [first = emptySet] = same;
    result[element] = same.length === 1 ? first : (nodeOf(same.some(isMember), unionOf(same)) ?? emptySet);
  }
  return result;
}

/** The paths of `a` that are not in `b`. Taking away a path leaves the paths below it. */
export const difference = (a: FieldSet, b: FieldSet): FieldSet =>
  combine(a, (element, mine) => {
    const other = b[element];
    if (other === undefined) return mine;
    return nodeOf(isMember(mine) && !isMember(other), difference(mine, other));
  });

export const intersection = (a: FieldSet, b: FieldSet): FieldSet =>
  combine(a, (element, mine) => {
    const other = b[element];
    if (other === undefined) return undefined;
    return nodeOf(isMember(mine) && isMember(other), intersection(mine, other));
  });

function combine(set: FieldSet, keep: (element: string, node: FieldSet) => FieldSet | undefined): FieldSet {
  const result: Children = {};
  for (const element in set) {
    const node = set[element];
    if (element === '.' || node === undefined) continue;
    const kept = keep(element, node);
    if (kept !== undefined) result[element] = kept;
  }
  return result;
}

/** The paths of a set as lists of elements: at each level first those that end there, then what is below. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): readonly (readonly string[])[] {
  const elements = sortedElements(set).filter((element) => element !== '.');
  const here = elements.filter((element) => isMember(set[element] ?? emptySet)).map((element) => [...prefix, element]);
  return [...here, ...elements.flatMap((element) => pathsOf(set[element] ?? emptySet, [...prefix, element]))];
}

/** The set with its elements in the order in which kube-apiserver writes them. */
export function sorted(set: FieldSet): FieldSet {
  const result: Children = {};
  for (const element of sortedElements(set)) result[element] = sorted(set[element] ?? emptySet);
  return result;
}

interface Sortable {
  readonly element: string;
  /** The values of a list item's keys. */
  readonly keys: readonly unknown[];
}

/** `.` first, then fields by name, then list items by their keys' values (numbers as numbers). */
function sortedElements(set: FieldSet): readonly string[] {
  const elements = Object.keys(set);
  if (!elements.some((element) => element.startsWith('k:'))) return elements.sort();
  return elements
    .map((element) => ({ element, keys: keyValues(element) }))
    .sort(compareElements)
    .map(({ element }) => element);
}

function compareElements(a: Sortable, b: Sortable): number {
  for (const [index, value] of a.keys.entries()) {
    const against = b.keys[index];
    if (typeof value === 'number' && typeof against === 'number' && value !== against) return value - against;
    if (String(value) !== String(against)) break;
  }
  return a.element < b.element ? -1 : a.element > b.element ? 1 : 0;
}

function keyValues(element: string): readonly unknown[] {
  if (!element.startsWith('k:')) return [];
  try {
    const keys: unknown = JSON.parse(element.slice(2));
    return isJsonObject(keys) ? Object.values(keys) : [];
  } catch {
    // A client may have written any text there; it sorts by its characters.
    return [];
  }
}

const elementPattern = /^(?:\.$|[fkvi]:)/;

/** Reads what a client or the store gives as `fieldsV1`; `undefined` when it is no field set. */
export function readFieldSet(value: unknown): FieldSet | undefined {
  return isFieldSet(value) ? value : undefined;
}

function isFieldSet(value: unknown): value is FieldSet {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([element, node]) => elementPattern.test(element) && isFieldSet(node));
}

/** Collects paths into a set. */
export class FieldSetBuilder {
  readonly #root: Children = {};

  add(path: readonly string[]): void {
    const last = path.at(-1);
    if (last === undefined) return;
    const parent = this.#below(path);
    const known = parent[last];
    if (known === undefined) parent[last] = leaf;
    else if (known !== leaf) Object.assign(known, { '.': leaf });
  }

  build(): FieldSet {
    return this.#root;
  }

  /** The node that the last element of a path stands in. A leaf that gets something below it stays in the set. */
  #below(path: readonly string[]): Children {
    let children = this.#root;
    for (let index = 0; index < path.length - 1; index += 1) {
      const element = path[index] ?? '';
      const known = children[element];
      const next: Children = known === leaf ? { '.': leaf } : (known ?? {});
      children[element] = next;
      children = next;
    }
    return children;
  }
}
