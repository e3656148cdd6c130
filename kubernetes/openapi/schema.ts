import type { Field, ListNode, MapNode, ScalarNode, SchemaNode, StructNode } from '../schema-node.ts';
import { descriptionOf } from './description.ts';

/** A piece of an OpenAPI document. */
export type Json = Readonly<Record<string, unknown>>;

/** Version 3 keeps schemas under `components` and puts references with siblings into `allOf`; version 2 does neither. */
export type OpenapiVersion = 2 | 3;

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

/** Scalars that have a schema of their own. */
const namedScalars: Readonly<
  Partial<Record<ScalarNode['scalar'], { readonly id: string; readonly schema: Json; readonly v2: Json }>>
> = {
  quantity: {
    id: 'io.k8s.apimachinery.pkg.api.resource.Quantity',
    schema: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    v2: { type: 'string' },
  },
  'int-or-string': {
    id: 'io.k8s.apimachinery.pkg.util.intstr.IntOrString',
    schema: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
    v2: { type: 'string', format: 'int-or-string' },
  },
  time: {
    id: `${meta}.Time`,
    schema: { type: 'string', format: 'date-time' },
    v2: { type: 'string', format: 'date-time' },
  },
  'micro-time': {
    id: `${meta}.MicroTime`,
    schema: { type: 'string', format: 'date-time' },
    v2: { type: 'string', format: 'date-time' },
  },
};

/** Collects the schemas of types and of all that they refer to, by their ids. */
export class SchemaCollection {
  readonly #version: OpenapiVersion;
  readonly #schemas = new Map<string, Json>();

  constructor(version: OpenapiVersion) {
    this.#version = version;
  }

  /** Adds a type; `types` are the groups, versions and kinds under which objects of it are known. */
  add(node: SchemaNode, types: readonly Json[] = []): void {
    if (node.type !== 'struct') return;
    this.#reference(node.id, () => this.#struct(node, types.length > 0));
    const schema = this.#schemas.get(node.id);
    if (types.length > 0) this.#schemas.set(node.id, { ...schema, 'x-kubernetes-group-version-kind': types });
  }

  /** Adds a schema that is made by hand. */
  addSchema(id: string, schema: Json): void {
    this.#schemas.set(id, schema);
  }

  reference(id: string): Json {
    return { $ref: `${this.#version === 3 ? '#/components/schemas/' : '#/definitions/'}${id}` };
  }

  /** All of them, sorted. */
  toJson(): Json {
    return Object.fromEntries([...this.#schemas.entries()].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #reference(id: string, make: () => Json): Json {
    if (!this.#schemas.has(id)) {
      // A type may refer to itself: its place is taken before it is made.
      this.#schemas.set(id, {});
      this.#schemas.set(id, make());
    }
    return this.reference(id);
  }

  /** Clients may leave out what the path says of an object: its kind, version and name. */
  #struct(node: StructNode, isObject = false): Json {
    const fields = [...node.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const required = [...node.fields.values()]
      .filter(({ name, optional }) => !optional && !(isObject && ['kind', 'apiVersion', 'metadata'].includes(name)))
      .map(({ name }) => name);
    return {
      ...descriptionOf(node.id),
      type: 'object',
      ...(required.length === 0 ? {} : { required }),
      properties: Object.fromEntries(fields.map((field) => [field.name, this.#property(node, field)])),
      ...(node.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    };
  }

  #property(struct: StructNode, field: Field): Json {
    const schema = this.#schema(field.node);
    return {
      ...descriptionOf(struct.id, field.name),
      ...(this.#version === 3 && '$ref' in schema ? { allOf: [schema] } : schema),
      ...(field.meta.mapType !== undefined && field.node.type === 'map'
        ? { 'x-kubernetes-map-type': field.meta.mapType }
        : {}),
      ...(field.patchMergeKey === undefined ? {} : { 'x-kubernetes-patch-merge-key': field.patchMergeKey }),
      ...(field.patchStrategies.length === 0 ? {} : { 'x-kubernetes-patch-strategy': field.patchStrategies.join(',') }),
    };
  }

  #schema(node: SchemaNode): Json {
    switch (node.type) {
      case 'struct':
        return node.id === '' ? this.#struct(node) : this.#reference(node.id, () => this.#struct(node));
      case 'map':
        return this.#map(node);
      case 'list':
        return this.#list(node);
      case 'scalar':
        return this.#scalar(node);
      case 'any':
        return { type: 'object' };
      default:
        return node satisfies never;
    }
  }

  #map(node: MapNode): Json {
    if (node.id !== '') return this.#reference(node.id, () => ({ ...descriptionOf(node.id), type: 'object' }));
    return { type: 'object', additionalProperties: this.#schema(node.value) };
  }

  #list(node: ListNode): Json {
    const items = this.#schema(node.item);
    return {
      type: 'array',
      items: this.#version === 3 && '$ref' in items ? { allOf: [items] } : items,
      ...(node.keys.length === 0 ? {} : { 'x-kubernetes-list-map-keys': node.keys }),
      ...(node.isPlain ? {} : { 'x-kubernetes-list-type': node.listType }),
    };
  }

  #scalar(node: ScalarNode): Json {
    const named = namedScalars[node.scalar];
    if (named !== undefined) {
      const schema = this.#version === 3 ? named.schema : named.v2;
      return this.#reference(named.id, () => ({ ...descriptionOf(named.id), ...schema }));
    }
    return { type: scalarTypes[node.scalar], ...(node.format === undefined ? {} : { format: node.format }) };
  }
}

const scalarTypes: Readonly<Record<ScalarNode['scalar'], string>> = {
  string: 'string',
  int32: 'integer',
  int64: 'integer',
  number: 'number',
  boolean: 'boolean',
  'int-or-string': 'string',
  quantity: 'string',
  time: 'string',
  'micro-time': 'string',
  bytes: 'string',
};
