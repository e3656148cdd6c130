import { apiVersionOf, type KindNames } from '../kind.ts';
import type { ManagedFieldsEntry } from '../object-meta.ts';
import { difference, isEmptySet, leaf, type FieldSet } from './field-set.ts';
import { readManagers, withManager, writeManagers, type Manager, type Managers } from './managers.ts';

/** `spec.replicas`, the one field that a Scale shares with the object that it scales; both call it so. */
const replicas: FieldSet = { 'f:spec': { 'f:replicas': leaf } };

const scaleApiVersion = 'autoscaling/v1';

const managesReplicas = ({ fields }: Manager): boolean => fields['f:spec']?.['f:replicas'] !== undefined;

/** The entries of an object as those of its Scale: who manages the number of replicas. */
export function scaleEntries(entries: readonly ManagedFieldsEntry[] | undefined): ManagedFieldsEntry[] {
  let managers: Managers = new Map();
  for (const manager of (readManagers(entries) ?? new Map<string, Manager>()).values())
    if (managesReplicas(manager))
      managers = withManager(managers, { ...manager, apiVersion: scaleApiVersion, fields: replicas }, 'add');
  return writeManagers(managers);
}

/** The entries of an object after its Scale was written: the other way round. */
export function entriesWithScale(
  kind: KindNames,
  entries: readonly ManagedFieldsEntry[] | undefined,
  written: readonly ManagedFieldsEntry[] | undefined,
): ManagedFieldsEntry[] {
  const scalers = [...(readManagers(written) ?? new Map<string, Manager>()).values()].filter(managesReplicas);
  let managers: Managers = new Map();
  for (const manager of (readManagers(entries) ?? new Map<string, Manager>()).values()) {
    const fields = scalers.some((each) => isSameWriter(each, manager))
      ? manager.fields
      : difference(manager.fields, replicas);
    if (!isEmptySet(fields)) managers = withManager(managers, { ...manager, fields }, 'add');
  }
  for (const scaler of scalers) {
    const before = [...managers.values()].find((each) => isSameWriter(each, scaler));
    if (before === undefined || !managesReplicas(before))
      managers = withManager(managers, { ...scaler, apiVersion: apiVersionOf(kind), fields: replicas }, 'add');
  }
  return writeManagers(managers);
}

const isSameWriter = (a: Manager, b: Manager): boolean =>
  a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
