import { z } from 'zod';
import { formatQuantity, parseQuantity } from './quantity.ts';

/**
 * The vocabulary in which kinds describe themselves. A schema is the single source of a kind's fields: it decodes
 * and checks, gives the TypeScript type, and becomes the OpenAPI documents.
 *
 * Schemas are made at first use: write `export const container = once(() => struct('io.k8s.api.core.v1.Container', {…}))`
 * and call it, `container()`, inside other schemas. Fields stand in the order of the Go struct, which is the order in
 * which a kube-apiserver prints them.
 *
 * Parameters are of zod's core types: checking a schema against its full interface costs the compiler seconds.
 */

declare module 'zod' {
  interface GlobalMeta {
    /** Strategic merge patch: `x-kubernetes-patch-strategy`, comma separated. */
    readonly patchStrategy?: string;
    readonly patchMergeKey?: string;
    /** Server-side apply: `x-kubernetes-list-type`, -list-map-keys and -map-type. */
    readonly listType?: 'map' | 'set' | 'atomic';
    readonly listMapKeys?: readonly string[];
    readonly mapType?: 'atomic' | 'granular';
    /** The type that a Go decoder names in its errors, where the schema alone does not tell: `intstr.IntOrString`. */
    readonly goType?: string;
    readonly format?: string;
    /** A required field that is a pointer in Go: decoding leaves it unset, and validation refuses the object. */
    readonly pointer?: true;
  }
}

/**
 * A Go struct. `id` is its name in the OpenAPI documents, `io.k8s.api.apps.v1.DeploymentSpec`; what follows the last
 * dot is the struct's name in Go's decoding errors.
 */
export const struct = <Shape extends z.core.$ZodLooseShape>(id: string, shape: Shape) =>
  z.strictObject(shape).meta({ id });

/** A list merged by key: `keys` for server-side apply; strategic merge patch uses the first, or `patchKey`. */
export const mapList = <Item extends z.core.SomeType>(
  item: Item,
  keys: readonly [string, ...string[]],
  patchKey?: string,
) =>
  z
    .array(item)
    .meta({ listType: 'map', listMapKeys: keys, patchStrategy: 'merge', patchMergeKey: patchKey ?? keys[0] });

/** A list replaced as a whole by both kinds of merge. */
export const atomicList = <Item extends z.core.SomeType>(item: Item) => z.array(item).meta({ listType: 'atomic' });

export const int32 = () => z.int32().meta({ format: 'int32' });
export const int64 = () => z.int().meta({ format: 'int64' });
export const stringMap = () => z.record(z.string(), z.string());

/** Bytes by key, as base64. */
export const bytesMap = () => z.record(z.string(), z.string().meta({ format: 'byte' }));

/** `metav1.Time`: RFC 3339. */
export const time = () => z.string().meta({ format: 'date-time', goType: 'time.Time' });

/** `metav1.MicroTime`: RFC 3339 with microseconds. */
export const microTime = () => z.string().meta({ format: 'date-time', goType: 'v1.MicroTime' });

/** A number or a string such as `25%`. */
export const intOrString = () =>
  z.union([z.int32(), z.string()]).meta({ format: 'int-or-string', goType: 'intstr.IntOrString' });
export type IntOrString = number | string;

/** `resource.Quantity`: a text or a number; what comes out is canonical text. */
export const quantity = () =>
  z
    .union([z.string(), z.number()])
    .transform((given, context) => {
      const parsed = parseQuantity(String(given));
      if (parsed.ok) return formatQuantity(parsed.value);
      context.addIssue({ code: 'custom', message: parsed.message });
      return z.NEVER;
    })
    .meta({ goType: 'resource.Quantity' });
