import { cloneJson } from '../json-value.ts';
import type { ListNode, MapNode, ScalarNode, SchemaNode, StructNode } from '../schema-node.ts';
import { goTypeOf, jsonType, zeroOf } from './go-json.ts';
import { formatPath } from './json.ts';
import { decodeScalar } from './scalar.ts';
import { isUnset } from './unset.ts';

export interface Conformed {
  /** A new value with the fields of the schema only, in their order. */
  readonly value: unknown;
  /** The first value that does not fit, in the words of Go's decoder. */
  readonly problem: string | undefined;
  /** The paths of fields that the schema does not have, in the order of the text, at most 100. */
  readonly unknown: readonly string[];
}

const maximumUnknown = 100;

/** Makes a parsed JSON value fit a schema as Go's JSON decoder makes it fit a struct. */
export function conform(node: SchemaNode, value: unknown): Conformed {
  const walk = new Walk();
  const conformed = walk.value(node, value, '');
  return { value: conformed, problem: walk.problem, unknown: walk.unknown };
}

class Walk {
  problem: string | undefined;
  readonly unknown: string[] = [];
  /** Where the walk is. Keys of maps are left out, as Go's errors do. */
  readonly #path: (string | number)[] = [];

  /** `owner` is the name of the struct that the value is in. */
  value(node: SchemaNode, value: unknown, owner: string): unknown {
    switch (node.type) {
      case 'scalar':
        return this.#scalar(node, value, owner);
      case 'struct':
        return isRecord(value) ? this.#struct(node, value) : this.#misfit(node, value, owner);
      case 'list':
        return Array.isArray(value) ? this.#list(node, value, owner) : this.#misfit(node, value, owner);
      case 'map':
        return isRecord(value) ? this.#map(node, value, owner) : this.#misfit(node, value, owner);
      case 'any':
        return cloneJson(value);
      default:
        return node satisfies never;
    }
  }

  #struct(node: StructNode, value: Readonly<Record<string, unknown>>): unknown {
    const { fields } = node;
    const result: Record<string, unknown> = {};
    let inOrder = true;
    let last = -1;
    for (const key of Object.keys(value)) {
      const field = fields.get(key);
      const given = value[key];
      if (field === undefined) this.#noteUnknown(key);
      else if (given !== null && given !== undefined) {
        this.#path.push(key);
        const child = this.value(field.node, given, node.name);
        this.#path.pop();
        if (isUnset(node, field, child)) continue;
        result[key] = child;
        if (field.index < last) inOrder = false;
        last = field.index;
      }
    }
    for (const field of node.filled) {
      if (Object.hasOwn(result, field.name)) continue;
      result[field.name] = zeroOf(field.node);
      inOrder = false;
    }
    return inOrder ? result : ordered(result, node);
  }

  #list(node: ListNode, value: readonly unknown[], owner: string): unknown {
    return value.map((item, index) => {
      if (item === null || item === undefined) return zeroOf(node.item);
      this.#path.push(index);
      const child = this.value(node.item, item, owner);
      this.#path.pop();
      return child;
    });
  }

  #map(node: MapNode, value: Readonly<Record<string, unknown>>, owner: string): unknown {
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const given = value[key];
      result[key] = given === null || given === undefined ? zeroOf(node.value) : this.value(node.value, given, owner);
    }
    return result;
  }

  #scalar(node: ScalarNode, value: unknown, owner: string): unknown {
    const decoded = decodeScalar(node, value);
    if (decoded.ok) return decoded.value;
    if (decoded.problem === undefined) return this.#misfit(node, value, owner);
    this.problem ??= decoded.problem;
    return zeroOf(node);
  }

  #misfit(node: SchemaNode, value: unknown, owner: string): unknown {
    const number = typeof value === 'number' && node.type === 'scalar' && node.goType.startsWith('int');
    const path = this.#path.filter((segment) => typeof segment === 'string').join('.');
    this.problem ??=
      `json: cannot unmarshal ${jsonType(value)}${number ? ` ${value}` : ''} into Go ` +
      (owner === '' ? `value of type ${goTypeOf(node)}` : `struct field ${owner}.${path} of type ${goTypeOf(node)}`);
    return zeroOf(node);
  }

  #noteUnknown(key: string): void {
    if (this.unknown.length < maximumUnknown) this.unknown.push(formatPath([...this.#path, key]));
  }
}

function ordered(value: Readonly<Record<string, unknown>>, node: StructNode): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name of node.fields.keys()) if (Object.hasOwn(value, name)) result[name] = value[name];
  return result;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
