import { decode } from '../../kubernetes/decode/decode.ts';
import type { FieldError } from '../../kubernetes/field-errors.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { prepareCreate, prepareUpdate, type Prepared, type WriteContext } from '../../kubernetes/prepare.ts';

export const writeContext: WriteContext = {
  now: '2026-01-02T03:04:05Z',
  newId: () => '00000000-0000-4000-8000-000000000001',
  random: () => 0,
};

/** An object as the API makes it of a body. */
export const decoded = <T extends KubernetesObject>(kind: Kind<T>, body: object): T =>
  decode(kind, { value: body, duplicates: [] }, 'Strict').object;

/** What a kind makes of a new object. Without a name it is called `a`; it lives in the namespace `shop`. */
export function created<T extends KubernetesObject>(kind: Kind<T>, body: object): Prepared<T> {
  const object = decoded(kind, body);
  object.metadata = {
    ...(object.metadata.generateName ? {} : { name: 'a' }),
    ...(kind.namespaced ? { namespace: 'shop' } : {}),
    ...object.metadata,
  };
  return prepareCreate(kind, object, writeContext);
}

/** What a kind makes of a change to an object: `change` gets a copy to alter. */
export function updated<T extends KubernetesObject>(
  kind: Kind<T>,
  previous: T,
  { change, subresource }: { readonly change: (object: T) => void; readonly subresource?: 'status' | 'finalize' },
): Prepared<T> {
  const object = structuredClone(previous);
  change(object);
  return prepareUpdate(kind, { object, previous, subresource }, writeContext);
}

/** `spec.ports: Required value` */
export const texts = (errors: readonly FieldError[]): string[] =>
  errors.map((error) => `${error.field}: ${error.message}`);

/** The cells of a kind's columns; times as they are 90 seconds after `writeContext.now`. */
export function cells<T extends KubernetesObject>(kind: Kind<T>, object: T): (string | number | boolean)[] {
  const now = Date.parse(writeContext.now) + 90_000;
  return kind.columns.map((column) => {
    const cell = column.cell(object);
    return typeof cell === 'object' ? cell.at(now) : cell;
  });
}
