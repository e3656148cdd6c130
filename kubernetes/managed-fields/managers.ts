import type { ManagedFieldsEntry } from '../object-meta.ts';
import { difference, isEmptySet, readFieldSet, sorted, union, unionOf, type FieldSet } from './field-set.ts';

/** Who manages which fields of an object: `metadata.managedFields` ready to be reckoned with. */
export type Managers = ReadonlyMap<string, Manager>;

export interface Manager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** Of the last write. */
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/**
 * What makes two writes one manager's: an updater is another one with another API version, an applier is not
 * (apimachinery's BuildManagerIdentifier). Managers are sorted by this text in messages.
 */
export const identityOf = (manager: Omit<Manager, 'time' | 'fields'>): string =>
  JSON.stringify({
    manager: manager.manager,
    operation: manager.operation,
    ...(manager.operation === 'Update' ? { apiVersion: manager.apiVersion } : {}),
    ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
  });

/** Reads entries; `undefined` when one of them makes no sense. */
export function readManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers | undefined {
  const managers: Manager[] = [];
  for (const entry of entries ?? []) {
    const fields = readFieldSet(entry.fieldsV1 ?? {});
    const { operation, apiVersion } = entry;
    if (fields === undefined || apiVersion === undefined || (entry.fieldsType ?? 'FieldsV1') !== 'FieldsV1')
      return undefined;
    if (operation !== 'Apply' && operation !== 'Update') return undefined;
    managers.push({
      manager: entry.manager ?? '',
      operation,
      apiVersion,
      subresource: entry.subresource ?? '',
      time: entry.time,
      fields,
    });
  }
  return managersOf(managers);
}

/** Those that are one manager's become one: the last, with the fields of all. */
export function managersOf(managers: readonly Manager[]): Managers {
  const result = new Map<string, Manager>();
  const fields = new Map<string, FieldSet[]>();
  for (const manager of managers) {
    const identity = identityOf(manager);
    result.set(identity, manager);
    const sets = fields.get(identity);
    if (sets === undefined) fields.set(identity, [manager.fields]);
    else sets.push(manager.fields);
  }
  for (const [identity, manager] of result) {
    const sets = fields.get(identity) ?? [];
    if (sets.length > 1) result.set(identity, { ...manager, fields: unionOf(sets) });
  }
  return result;
}

/** Takes fields away from every manager for which `keep` does not say otherwise; those left with nothing go. */
export function withoutFields(
  managers: Managers,
  fields: readonly FieldSet[],
  keep: (identity: string) => boolean = () => false,
): Managers {
  const taken = fields.filter((set) => !isEmptySet(set));
  const result = new Map<string, Manager>();
  for (const [identity, manager] of managers) {
    const left = keep(identity) ? manager.fields : taken.reduce(difference, manager.fields);
    if (!isEmptySet(left)) result.set(identity, left === manager.fields ? manager : { ...manager, fields: left });
  }
  return result;
}

/** Gives fields to a manager beside what it has, or instead of it. */
export function withManager(managers: Managers, manager: Manager, how: 'add' | 'replace'): Managers {
  const identity = identityOf(manager);
  const previous = how === 'add' ? managers.get(identity) : undefined;
  const fields = previous === undefined ? manager.fields : union(previous.fields, manager.fields);
  const result = new Map(managers);
  if (isEmptySet(fields)) result.delete(identity);
  else result.set(identity, { ...manager, fields });
  return result;
}

/** The entries in the order in which kube-apiserver writes them. */
export function writeManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()].sort(compareManagers).map((manager) => ({
    ...(manager.manager === '' ? {} : { manager: manager.manager }),
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time === undefined ? {} : { time: manager.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: { ...sorted(manager.fields) },
    ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
  }));
}

/** Appliers before updaters, then by time (none first), then by name. */
function compareManagers(a: Manager, b: Manager): number {
  return (
    compareTexts(a.operation, b.operation) ||
    compareTexts(a.time ?? '', b.time ?? '') ||
    compareTexts(a.manager, b.manager) ||
    compareTexts(a.apiVersion, b.apiVersion) ||
    compareTexts(a.subresource, b.subresource)
  );
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
