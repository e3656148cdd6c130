import { forbidden, invalid, type FieldError } from '../field-errors.ts';
import type { Held, Kind } from '../kind.ts';
import { maximumTransactionWrites } from '../limits.ts';
import type { KubernetesObject, ObjectKey } from '../object.ts';
import type { Refusal, Store, Write } from '../store/store.ts';

const resource = 'allocations.skiff.dev';

/**
 * The key that says that a value is taken. It is created in the transaction of the write that takes the value, and since
 * a store creates a key once, no two objects ever hold the same.
 */
export const holdKey = (held: Held): ObjectKey => ({
  resource,
  namespace: '',
  name: `${held.pool}:${encodeURIComponent(held.value)}`,
});

const nameOf = ({ pool, value }: Held): string => `${pool}:${value}`;

/** What of `held` is not among `others`. */
export function heldBeside(held: readonly Held[], others: readonly Held[]): readonly Held[] {
  const names = new Set(others.map(nameOf));
  return held.filter((each) => !names.has(nameOf(each)));
}

export const heldBy = <T extends KubernetesObject>(kind: Kind<T>, object: T): readonly Held[] =>
  kind.allocation?.held(object) ?? [];

export interface Allocated<T> {
  readonly object: T;
  readonly held: readonly Held[];
  /** Those of `held` that the object asked for itself: when they are taken, its client is told. */
  readonly asked: readonly Held[];
}

/** Chooses values for what the object leaves open. The object is changed. */
export function allocated<T extends KubernetesObject>(kind: Kind<T>, object: T, random: () => number): Allocated<T> {
  if (kind.allocation === undefined) return { object, held: [], asked: [] };
  const before = new Set(heldBy(kind, object).map(nameOf));
  kind.allocation.allocate(object, random);
  const held = heldBy(kind, object);
  return { object, held, asked: held.filter((each) => before.has(nameOf(each))) };
}

/** They are given back in the transaction that removes the object and leaves its tombstone. */
const maximumHeld = maximumTransactionWrites - 2;

/** Refuses more values than one transaction can take, or give back, with the object. A kube-apiserver has no such limit. */
export function allocationProblems(held: readonly Held[], before: readonly Held[]): readonly FieldError[] {
  const surplus = held[maximumHeld];
  if (surplus !== undefined && held.length > before.length) {
    return [forbidden(surplus.field, `at most ${maximumHeld} values can be allocated to one object`)];
  }
  const taken = heldBeside(held, before);
  const changes = taken.length + heldBeside(before, held).length;
  const [first] = taken;
  if (first === undefined || changes < maximumTransactionWrites) return [];
  return [forbidden(first.field, `at most ${maximumTransactionWrites - 1} allocated values can change at once`)];
}

/** The writes that take values for an object. */
export const claims = (held: readonly Held[]): readonly Write[] =>
  held.map((each): Write => {
    const key = holdKey(each);
    return {
      type: 'create',
      key,
      object: { kind: 'Allocation', apiVersion: 'skiff.dev/v1', metadata: { name: key.name } },
    };
  });

/** The writes that give values back. A value that is free already needs none. */
export async function releases(store: Store, held: readonly Held[]): Promise<readonly Write[]> {
  const records = await Promise.all(held.map((each) => store.get(holdKey(each))));
  return records.flatMap((record): Write[] =>
    record === undefined ? [] : [{ type: 'delete', key: record.key, revision: record.revision }],
  );
}

/** The value that stood in the way of a transaction, if it was a value. */
export const takenValue = (held: readonly Held[], refusal: Refusal): Held | undefined =>
  refusal.reason === 'AlreadyExists' && refusal.key.resource === resource
    ? held.find((each) => holdKey(each).name === refusal.key.name)
    : undefined;

export const takenError = (held: Held): FieldError => invalid(held.field, held.shown ?? held.value, held.taken);
