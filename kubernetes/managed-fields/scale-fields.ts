import { apiVersionOf, type KindNames } from '../kind.ts';
import type { ManagedFieldsEntry } from '../object-meta.ts';
import { difference, isEmptySet, leaf, type FieldSet } from './field-set.ts';
import { managersOf, readManagers, writeManagers, type Manager } from './managers.ts';

/** `spec.replicas`, the one field that a Scale shares with the object that it scales; both call it so. */
const replicas: FieldSet = { 'f:spec': { 'f:replicas': leaf } };

const scaleApiVersion = 'autoscaling/v1';

const managesReplicas = ({ fields }: Manager): boolean => fields['f:spec']?.['f:replicas'] !== undefined;

/** The entries of an object as those of its Scale: who manages the number of replicas. */
export function scaleEntries(entries: readonly ManagedFieldsEntry[] | undefined): ManagedFieldsEntry[] {
  const scalers = readAll(entries).filter(managesReplicas);
  return writeManagers(
    managersOf(scalers.map((manager) => ({ ...manager, apiVersion: scaleApiVersion, fields: replicas }))),
  );
}

const readAll = (entries: readonly ManagedFieldsEntry[] | undefined): readonly Manager[] => [
  ...(readManagers(entries) ?? new Map<string, Manager>()).values(),
];

/** The entries of an object after its Scale was written: the other way round. */
export function entriesWithScale(
  kind: KindNames,
  entries: readonly ManagedFieldsEntry[] | undefined,
  written: readonly ManagedFieldsEntry[] | undefined,
): ManagedFieldsEntry[] {
  const scalers = readAll(written).filter(managesReplicas);
  const scaling = new Set(scalers.map(writerOf));
  const kept = readAll(entries)
    .map((manager) =>
      scaling.has(writerOf(manager)) ? manager : { ...manager, fields: difference(manager.fields, replicas) },
    )
    .filter(({ fields }) => !isEmptySet(fields));
  const first = new Map(kept.toReversed().map((manager) => [writerOf(manager), manager]));
  const added = scalers.filter((scaler) => {
    const before = first.get(writerOf(scaler));
    return before === undefined || !managesReplicas(before);
  });
  return writeManagers(
    managersOf([...kept, ...added.map((scaler) => ({ ...scaler, apiVersion: apiVersionOf(kind), fields: replicas }))]),
  );
}

/** What an object's entry and its Scale's have in common. */
const writerOf = ({ manager, operation, subresource }: Manager): string =>
  JSON.stringify([manager, operation, subresource]);
