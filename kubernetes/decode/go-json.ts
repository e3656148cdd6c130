import type { SchemaNode } from '../schema-node.ts';

/** What Go's decoder calls a JSON value in `cannot unmarshal string into …`. */
export function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

/** The Go type that a node stands for, as `reflect.Type` prints it: `[]v1.Container`. */
export function goTypeOf(node: SchemaNode): string {
  switch (node.type) {
    case 'struct':
      return `v1.${node.name}`;
    case 'map':
      return `map[string]${goTypeOf(node.value)}`;
    case 'list':
      return `[]${goTypeOf(node.item)}`;
    case 'scalar':
      return node.goType;
    case 'any':
      return 'interface {}';
    default:
      return node satisfies never;
  }
}

/** The value of an unset field that is not a pointer in Go, such as the name of a container that has none. */
export function zeroOf(node: SchemaNode): unknown {
  switch (node.type) {
    case 'struct':
      return Object.fromEntries(node.filled.map((field) => [field.name, zeroOf(field.node)]));
    case 'map':
    case 'any':
      return {};
    case 'list':
      return [];
    case 'scalar':
      return zeroScalars[node.scalar];
    default:
      return node satisfies never;
  }
}

const zeroScalars = {
  string: '',
  int32: 0,
  int64: 0,
  number: 0,
  boolean: false,
  'int-or-string': 0,
  quantity: '0',
  time: '',
  'micro-time': '',
  bytes: '',
} as const;
