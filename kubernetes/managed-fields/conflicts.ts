import { fieldConflicts, type StatusError } from '../status-error.ts';
import { pathsOf, type FieldSet } from './field-set.ts';
import type { Manager } from './managers.ts';
import { formatElements } from './path-element.ts';

/** Fields that somebody else manages and that an apply would change. */
export interface Conflict {
  /** The manager's identity, by which messages are sorted. */
  readonly identity: string;
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** The 409 of server-side apply, in the words on which kubectl's help text builds. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
  const sorted = [...conflicts].sort((a, b) => (a.identity < b.identity ? -1 : 1));
  const found = sorted.map(({ manager, fields }) => ({
    manager: describe(manager),
    paths: pathsOf(fields).map(formatElements),
  }));
  const causes = found.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  );
  const [only] = causes;
  if (causes.length === 1 && only !== undefined)
    return fieldConflicts(`Apply failed with 1 conflict: ${only.message}: ${only.field}`, causes);
  const lines = found.flatMap(({ manager, paths }) => [
    `conflicts with ${manager}:`,
    ...paths.map((path) => `- ${path}`),
  ]);
  return fieldConflicts(`Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`, causes);
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const where = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
