import { equalJson, isJsonObject, own, type JsonObject } from '../json-value.ts';
import { apiVersionOf, type Kind } from '../kind.ts';
import { capUpdaters } from '../managed-fields/cap-updaters.ts';
import { compareObjects } from '../managed-fields/compare.ts';
import { conflictError, type Conflict } from '../managed-fields/conflicts.ts';
import { difference, intersection, isEmptySet, type FieldSet } from '../managed-fields/field-set.ts';
import { fieldsLastApplied, kubectlManager, withLastApplied } from '../managed-fields/last-applied.ts';
import {
  identityOf,
  readManagers,
  withManager,
  withoutFields,
  writeManagers,
  type Manager,
  type Managers,
} from '../managed-fields/managers.ts';
import { mergeApplied } from '../managed-fields/merge-applied.ts';
import { fieldSetOf } from '../managed-fields/owned-fields.ts';
import { prune } from '../managed-fields/prune.ts';
import { trackedFields } from '../managed-fields/tracked-fields.ts';
import { withEntries } from '../managed-fields/track-update.ts';
import { typedErrors } from '../managed-fields/typed-errors.ts';
import type { KubernetesObject } from '../object.ts';
import { schemaNode, type SchemaNode } from '../schema-node.ts';
import { cut } from '../shown-value.ts';
import { badRequest, unclassifiedError } from '../status-error.ts';

export interface Apply {
  /** Absent: the apply makes the object. */
  readonly current: KubernetesObject | undefined;
  /** The body: what the manager wants the fields to be that it speaks of. */
  readonly applied: unknown;
  readonly manager: string;
  /** Take fields from others instead of refusing. */
  readonly force: boolean;
  readonly subresource?: string;
  readonly now: string;
}

type ApplyKind = Pick<Kind, 'schema' | 'group' | 'version' | 'kind' | 'subresources'>;

/**
 * Server-side apply (apimachinery's managedfields over structured-merge-diff): what was applied laid over the current
 * object, without what this manager applied before and no longer does and nobody else manages; and `managedFields` to
 * match. The result is to be decoded, defaulted and validated like a body. It is `current` itself when nothing changes;
 * the arguments are left as they are. Throws the 409 with its causes when others manage fields that would change,
 * BadRequest for a body of another kind, and an error without a reason for one that does not fit the schema.
 */
export function applyPatch(kind: ApplyKind, apply: Apply): unknown {
  const applied = writableParts(kind, checkApplied(kind, apply.applied), apply.subresource);
  const node = schemaNode(kind.schema());
  const current: JsonObject = apply.current === undefined ? {} : withoutEntries(apply.current);
  const managers = managersBefore(kind, node, apply);
  const request: Request = { kind, node, apply, applied, current, managers };
  const outcome = settle(request);
  const object = apply.manager === kubectlManager ? withLastApplied(outcome.object, applied) : outcome.object;
  const entries = writeManagers(capUpdaters(outcome.managers));
  if (apply.current !== undefined && equalJson(object, current)) return withEntries(apply.current, entries);
  const metadata = own(object, 'metadata');
  return {
    ...object,
    metadata: {
      ...(isJsonObject(metadata) ? metadata : {}),
      ...(entries.length === 0 ? {} : { managedFields: entries }),
    },
  };
}

/** A write to the object does not reach its status where that has a path of its own; a write to the status, nothing else. */
function writableParts(kind: ApplyKind, applied: JsonObject, subresource: string | undefined): JsonObject {
  const { status, ...rest } = applied;
  if (subresource !== 'status') return kind.subresources.status ? rest : applied;
  const { name, namespace } = isJsonObject(applied['metadata']) ? applied['metadata'] : {};
  const metadata = { ...(name === undefined ? {} : { name }), ...(namespace === undefined ? {} : { namespace }) };
  const type = { apiVersion: applied['apiVersion'], kind: applied['kind'] };
  return { ...type, metadata, ...(status === undefined ? {} : { status }) };
}

interface Request {
  readonly kind: ApplyKind;
  readonly node: SchemaNode;
  readonly apply: Apply;
  readonly applied: JsonObject;
  /** Without its entries. */
  readonly current: JsonObject;
  readonly managers: Managers;
}

function checkApplied(kind: ApplyKind, applied: unknown): JsonObject {
  if (!isJsonObject(applied)) throw badRequest(`invalid object type: /, Kind=`);
  const apiVersion = textOf(applied['apiVersion']);
  const type = describeType(apiVersion, textOf(applied['kind']));
  if (apiVersion !== apiVersionOf(kind) || applied['kind'] !== kind.kind)
    throw badRequest(`invalid object type: ${type}`);
  const metadata = isJsonObject(applied['metadata']) ? applied['metadata'] : {};
  const entries = own(metadata, 'managedFields');
  if (entries !== undefined && entries !== null && !(Array.isArray(entries) && entries.length === 0))
    throw badRequest('metadata.managedFields must be nil');
  const errors = typedErrors(schemaNode(kind.schema()), applied);
  if (errors.length > 0) {
    const place = `${cut(textOf(metadata['namespace']))}/${cut(textOf(metadata['name']))}`;
    throw unclassifiedError(`failed to create typed patch object (${place}; ${type}): ${joinErrors(errors)}`);
  }
  return applied;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `/v1, Kind=Secret`, `apps/v1, Kind=Deployment` */
const describeType = (apiVersion: string, kind: string): string =>
  cut(`${apiVersion.includes('/') ? '' : '/'}${apiVersion}, Kind=${kind}`);

const joinErrors = (errors: readonly string[]): string =>
  errors.length === 1 ? errors.join('') : ['errors:', ...errors.map((error) => `  ${error}`)].join('\n');

/** An object that has no entries yet gets one for all that it holds, so that what is there is not lost to the first apply. */
function managersBefore(kind: ApplyKind, node: SchemaNode, { current, now, subresource }: Apply): Managers {
  const managers = readManagers(current?.metadata.managedFields) ?? new Map<string, Manager>();
  if (managers.size > 0 || current === undefined) return managers;
  const fields = trackedFields(kind, compareObjects(node, {}, { ...current }).changed, subresource);
  return withManager(
    managers,
    {
      manager: 'before-first-apply',
      operation: 'Update',
      apiVersion: apiVersionOf(kind),
      subresource: subresource ?? '',
      time: now,
      fields,
    },
    'add',
  );
}

function settle(request: Request): { readonly object: JsonObject; readonly managers: Managers } {
  const { kind, node, apply, applied, current } = request;
  const identity = identityOf(applierOf(request));
  const previous = request.managers.get(identity);
  const fields = fieldSetOf(node, applied);
  const managers = withManager(request.managers, { ...applierOf(request), time: previous?.time, fields }, 'replace');
  const merged = mergeApplied(node, current, applied);
  const object = asObject(prune(node, merged, { last: previous?.fields, fields, managers }));
  const { changed, removed } = compareObjects(node, current, object);
  if (!apply.force) refuseConflicts(request, { managers, identity, changed });
  const others = withoutFields(managers, [changed, removed], (each) => each === identity);
  const time = equalJson(object, current) ? previous?.time : apply.now;
  const mine = trackedFields(kind, fields, apply.subresource);
  return { object, managers: withManager(others, { ...applierOf(request), time, fields: mine }, 'replace') };
}

const applierOf = ({ kind, apply }: Request) =>
  ({
    manager: apply.manager,
    operation: 'Apply',
    apiVersion: apiVersionOf(kind),
    subresource: apply.subresource ?? '',
  }) as const;

function refuseConflicts(
  { kind, apply, current }: Request,
  found: { readonly managers: Managers; readonly identity: string; readonly changed: FieldSet },
): void {
  let conflicts: Conflict[] = [];
  for (const [identity, manager] of found.managers) {
    const fields = identity === found.identity ? {} : intersection(manager.fields, found.changed);
    if (!isEmptySet(fields)) conflicts.push({ identity, manager, fields });
  }
  if (conflicts.length > 0 && apply.manager === kubectlManager) {
    const allowed = fieldsLastApplied(kind, current);
    conflicts = conflicts
      .map((conflict) => ({ ...conflict, fields: difference(conflict.fields, allowed) }))
      .filter(({ fields }) => !isEmptySet(fields));
  }
  if (conflicts.length > 0) throw conflictError(conflicts);
}

function withoutEntries(object: KubernetesObject): JsonObject {
  const { managedFields: _dropped, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const asObject = (value: unknown): JsonObject => (isJsonObject(value) ? value : {});
