import { equalJson, type JsonObject } from '../json-value.ts';
import { apiVersionOf, type Kind } from '../kind.ts';
import type { ManagedFieldsEntry } from '../object-meta.ts';
import type { KubernetesObject } from '../object.ts';
import { schemaNode } from '../schema-node.ts';
import { capUpdaters } from './cap-updaters.ts';
import { compareObjects } from './compare.ts';
import { isEmptySet } from './field-set.ts';
import { readManagers, withManager, withoutFields, writeManagers, type Managers } from './managers.ts';
import { trackedFields } from './tracked-fields.ts';

export interface TrackedUpdate<T extends KubernetesObject> {
  /** Absent for a create. */
  readonly previous: T | undefined;
  /** As written: defaulted, but before values that only the server chooses, which nobody manages. */
  readonly object: T;
  readonly manager: string;
  readonly subresource?: string;
  readonly now: string;
}

/**
 * Brings `metadata.managedFields` up to date after a write that is no server-side apply: the writer manages what it
 * changed, and nobody what it removed. Answers the same object when nothing is to be changed; the given one is left as
 * it is. An object whose entries were wiped out (`managedFields: [{}]`) is no longer tracked until it is applied.
 */
export function trackUpdate<T extends KubernetesObject>(kind: Kind<T>, update: TrackedUpdate<T>): T {
  const { previous, object, manager, subresource, now } = update;
  const managers = managersToGoOn(update);
  if (managers.size === 0 && previous !== undefined) return withEntries(object, undefined);
  const { changed, removed } = compareObjects(schemaNode(kind.schema()), plain(previous), plain(object));
  const mine = trackedFields(kind, changed, subresource);
  const others = withoutFields(managers, [mine, trackedFields(kind, removed, subresource)]);
  const written = isEmptySet(mine)
    ? others
    : withManager(
        others,
        {
          manager,
          operation: 'Update',
          apiVersion: apiVersionOf(kind),
          subresource: subresource ?? '',
          time: now,
          fields: mine,
        },
        'add',
      );
  return withEntries(object, writeManagers(capUpdaters(written)));
}

/** The entries that the client sent, since it may edit them; the stored ones when it sent none or nonsense. */
function managersToGoOn<T extends KubernetesObject>({ previous, object, subresource }: TrackedUpdate<T>): Managers {
  const stored = (): Managers => readManagers(previous?.metadata.managedFields) ?? new Map();
  const sent = object.metadata.managedFields;
  if (subresource !== undefined) return stored();
  if (sent?.length === 1 && Object.keys(sent[0] ?? {}).length === 0) return new Map();
  const managers = readManagers(sent);
  return managers === undefined || managers.size === 0 ? stored() : managers;
}

/** Sets the entries, unless they are there already. */
export function withEntries<T extends KubernetesObject>(object: T, entries: ManagedFieldsEntry[] | undefined): T {
  const present = object.metadata.managedFields;
  if (entries === undefined || entries.length === 0) {
    if (present === undefined) return object;
    const { managedFields: _dropped, ...metadata } = object.metadata;
    return { ...object, metadata };
  }
  if (equalJson(present, entries)) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: entries } };
}

/** An object as JSON. */
const plain = (object: KubernetesObject | undefined): JsonObject => ({ ...object });
