import { z } from 'zod';
import { once } from './once.ts';

/**
 * A kind's zod schema as a tree of what a Kubernetes server knows of a type: struct, map, list or scalar, with list keys
 * and merge strategies. Decoding, strategic merge patch, server-side apply and the OpenAPI documents walk it.
 */
export type SchemaNode = StructNode | MapNode | ListNode | ScalarNode | AnyNode;

export interface StructNode {
  readonly type: 'struct';
  /** `io.k8s.api.apps.v1.DeploymentSpec`; '' for a struct without a name of its own. */
  readonly id: string;
  /** The last part of the id, Go's name of the struct. */
  readonly name: string;
  /** Owned and replaced as a whole by server-side apply. */
  readonly atomic: boolean;
  /** In the order of the Go struct. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly filled: readonly Field[];
}

export interface MapNode {
  readonly type: 'map';
  /** '' but for FieldsV1. */
  readonly id: string;
  readonly atomic: boolean;
  readonly value: SchemaNode;
}

export interface ListNode {
  readonly type: 'list';
  readonly item: SchemaNode;
  readonly listType: 'map' | 'set' | 'atomic';
  /** Nothing was said of the list type: it is atomic without being called so. */
  readonly isPlain: boolean;
  /** The fields that tell items of a `map` list apart. */
  readonly keys: readonly string[];
}

export interface ScalarNode {
  readonly type: 'scalar';
  readonly scalar:
    | 'string'
    | 'int32'
    | 'int64'
    | 'number'
    | 'boolean'
    | 'int-or-string'
    | 'quantity'
    | 'time'
    | 'micro-time'
    | 'bytes';
  readonly format: string | undefined;
  /** As Go's decoder names it. */
  readonly goType: string;
}

/** JSON of any shape. */
export interface AnyNode {
  readonly type: 'any';
}

export interface Field {
  readonly name: string;
  readonly index: number;
  readonly node: SchemaNode;
  /** A client may leave it out. */
  readonly optional: boolean;
  /** It is at Go's zero value then, and not absent. */
  readonly filled: boolean;
  /** `merge`, `replace`, `retainKeys`, or nothing. */
  readonly patchStrategies: readonly string[];
  readonly patchMergeKey: string | undefined;
  readonly meta: z.GlobalMeta;
}

type Schema = z.core.$ZodType;

const metaOf = (schema: Schema): z.GlobalMeta => z.globalRegistry.get(schema) ?? {};

/** A struct that was given more metadata is a clone without the id: the id of the schema that it was made from is its own. */
function idOf(schema: Schema): string {
  for (let each: Schema | undefined = schema; each !== undefined; each = each._zod.parent) {
    const { id } = metaOf(each);
    if (id !== undefined) return id;
  }
  return '';
}

interface Unwrapped {
  readonly schema: Schema;
  readonly optional: boolean;
  readonly filled: boolean;
  readonly meta: z.GlobalMeta;
}

/** Takes off what says only that a value may be missing; metadata of the outer schema goes before that of the inner. */
function unwrap(outer: Schema): Unwrapped {
  let schema = outer;
  let optional = false;
  let filled = true;
  let meta = metaOf(schema);
  for (;;) {
    if (schema instanceof z.ZodOptional) {
      optional = true;
      filled = false;
    } else if (schema instanceof z.ZodDefault) optional = true;
    else if (schema instanceof z.ZodPipe) {
      schema = schema.in;
      meta = { ...metaOf(schema), ...meta };
      continue;
    } else if (schema instanceof z.ZodLazy) {
      schema = schema.unwrap();
      continue;
    } else if (!(schema instanceof z.ZodNullable || schema instanceof z.ZodReadonly))
      return { schema, optional, filled, meta };
    schema = schema.unwrap();
    meta = { ...metaOf(schema), ...meta };
  }
}

const nodes = new WeakMap<Schema, SchemaNode>();

/** The tree of a schema; the same one whenever it is asked for, and built only as far as it is walked. */
export function schemaNode(outer: z.ZodType | Schema): SchemaNode {
  const known = nodes.get(outer);
  if (known !== undefined) return known;
  const node = nodeOf(unwrap(outer));
  nodes.set(outer, node);
  return node;
}

function nodeOf({ schema, meta }: Unwrapped): SchemaNode {
  if (schema instanceof z.ZodObject) return structNode(schema, meta);
  if (schema instanceof z.ZodRecord) return mapNode(schema, meta);
  if (schema instanceof z.ZodArray) return listNode(schema, meta);
  if (meta.goType === 'resource.Quantity') return scalarNode('quantity', meta);
  if (meta.goType === 'intstr.IntOrString') return scalarNode('int-or-string', meta);
  if (meta.goType === 'time.Time') return scalarNode('time', meta);
  if (meta.goType === 'v1.MicroTime') return scalarNode('micro-time', meta);
  if (meta.format === 'byte') return scalarNode('bytes', meta);
  if (schema instanceof z.ZodNumber) return scalarNode(numberType(schema, meta), meta);
  if (schema instanceof z.ZodBoolean) return scalarNode('boolean', meta);
  if (schema instanceof z.ZodUnknown || schema instanceof z.ZodAny) return { type: 'any' };
  if (schema instanceof z.ZodUnion) return scalarNode('int-or-string', meta);
  return scalarNode('string', meta);
}

function numberType(schema: z.ZodNumber, meta: z.GlobalMeta): ScalarNode['scalar'] {
  if (meta.format === 'int32' || schema.format === 'int32') return 'int32';
  if (meta.format === 'int64' || schema.format === 'safeint') return 'int64';
  return 'number';
}

const goTypes: Readonly<Record<ScalarNode['scalar'], string>> = {
  string: 'string',
  int32: 'int32',
  int64: 'int64',
  number: 'float64',
  boolean: 'bool',
  'int-or-string': 'int32',
  quantity: 'resource.Quantity',
  time: 'string',
  'micro-time': 'string',
  bytes: '[]uint8',
};

const scalarNode = (scalar: ScalarNode['scalar'], meta: z.GlobalMeta): ScalarNode => ({
  type: 'scalar',
  scalar,
  format: meta.format ?? (scalar === 'int32' || scalar === 'int64' ? scalar : undefined),
  goType: scalar === 'string' ? (meta.goType ?? 'string') : goTypes[scalar],
});

function structNode(schema: z.ZodObject, meta: z.GlobalMeta): SchemaNode {
  const id = idOf(schema);
  const fields = once(
    () => new Map(Object.entries(schema.shape).map(([name, each], index) => [name, fieldOf(name, index, each)])),
  );
  const filled = once(() => [...fields().values()].filter((each) => each.filled));
  return {
    type: 'struct',
    id,
    name: id.slice(id.lastIndexOf('.') + 1),
    atomic: meta.mapType === 'atomic',
    get fields() {
      return fields();
    },
    get filled() {
      return filled();
    },
  };
}

function fieldOf(name: string, index: number, schema: Schema): Field {
  const { optional, filled, meta } = unwrap(schema);
  return {
    name,
    index,
    node: schemaNode(schema),
    optional,
    filled: filled && meta.pointer !== true,
    patchStrategies: meta.patchStrategy?.split(',') ?? [],
    patchMergeKey: meta.patchMergeKey,
    meta,
  };
}

function mapNode(schema: z.ZodRecord, meta: z.GlobalMeta): SchemaNode {
  const value = once(() => schemaNode(schema.valueType));
  return {
    type: 'map',
    id: idOf(schema),
    atomic: meta.mapType === 'atomic',
    get value() {
      return value();
    },
  };
}

function listNode(schema: z.ZodArray, meta: z.GlobalMeta): SchemaNode {
  const item = once(() => schemaNode(schema.element));
  return {
    type: 'list',
    listType: meta.listType ?? 'atomic',
    isPlain: meta.listType === undefined,
    keys: meta.listMapKeys ?? [],
    get item() {
      return item();
    },
  };
}

/** The value of a list key that an item may leave out. Kubernetes has one such key, in the ports of containers and Services. */
export const defaultKeys: Readonly<Record<string, string | undefined>> = { protocol: 'TCP' };

/** The node of a field or entry; `undefined` for a field that the struct does not have. */
export function childNode(node: SchemaNode, key: string): SchemaNode | undefined {
  if (node.type === 'struct') return node.fields.get(key)?.node;
  if (node.type === 'map') return node.value;
  return undefined;
}
