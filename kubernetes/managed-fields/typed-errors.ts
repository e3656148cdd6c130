import { formatGo } from '../go-format.ts';
import { isJsonObject, own, type JsonObject } from '../json-value.ts';
import {
  defaultKeys,
  type ListNode,
  type MapNode,
  type ScalarNode,
  type SchemaNode,
  type StructNode,
} from '../schema-node.ts';
import { maximumCauses } from '../limits.ts';
import { cut } from '../shown-value.ts';
import { formatElement, itemElement } from './path-element.ts';

/**
 * What keeps an applied object from being one of its kind: unknown fields, wrong types, list items without their keys or
 * with the same ones. Texts and paths are structured-merge-diff's; no more are looked for than an answer tells.
 */
export function typedErrors(node: SchemaNode, object: unknown): readonly string[] {
  const errors: string[] = [];
  check(node, object, { path: '', errors });
  return errors;
}

interface Place {
  readonly path: string;
  readonly errors: string[];
}

function check(node: SchemaNode, value: unknown, place: Place): void {
  if (value === null || value === undefined || node.type === 'any' || place.errors.length >= maximumCauses) return;
  if (node.type === 'scalar') checkScalar(node, value, place);
  else if (node.type === 'list') checkList(node, value, place);
  else if (isJsonObject(value)) checkEntries(node, value, place);
  else place.errors.push(`${place.path}: expected map, got &{${formatGo(value)}}`);
}

function checkEntries(node: StructNode | MapNode, value: JsonObject, { path, errors }: Place): void {
  for (const [key, item] of Object.entries(value)) {
    const child = node.type === 'map' ? node.value : node.fields.get(key)?.node;
    const place = { path: `${path}.${cut(key)}`, errors };
    if (child !== undefined) check(child, item, place);
    else if (errors.length < maximumCauses) errors.push(`${place.path}: field not declared in schema`);
  }
}

function checkList(node: ListNode, value: unknown, { path, errors }: Place): void {
  if (!Array.isArray(value)) {
    errors.push(`${path}: expected list, got &{${formatGo(value)}}`);
    return;
  }
  const seen = new Set<string>();
  value.forEach((item: unknown, index) => {
    if (errors.length >= maximumCauses) return;
    const element = node.listType === 'atomic' ? `i:${index}` : itemElement(node, item);
    if (element === undefined) {
      errors.push(`${path}: element ${index}: ${missingKey(node, item)}`);
      return;
    }
    if (seen.has(element)) errors.push(`${path}: duplicate entries for key ${formatElement(element)}`);
    seen.add(element);
    check(node.item, item, { path: `${path}${formatElement(element)}`, errors });
  });
}

function missingKey(node: ListNode, item: unknown): string {
  if (!isJsonObject(item)) return 'associative list with keys may not have non-map elements';
  const key = node.keys.find((each) => own(item, each) === undefined && defaultKeys[each] === undefined);
  return `associative list with keys has an element that omits key field ${JSON.stringify(key)} (and doesn't have default value)`;
}

function checkScalar(node: ScalarNode, value: unknown, { path, errors }: Place): void {
  const problem = scalarProblem(node, value);
  if (problem !== undefined) errors.push(`${path}: ${problem}`);
}

function scalarProblem(node: ScalarNode, value: unknown): string | undefined {
  switch (node.scalar) {
    case 'int32':
    case 'int64':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${formatGo(value)}}`;
    case 'int-or-string':
    case 'quantity':
      return typeof value === 'object' ? `expected scalar, got &{${formatGo(value)}}` : undefined;
    default:
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${formatGo(value)}}`;
  }
}

function goType(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}
