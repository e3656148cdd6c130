import { maximumCauses } from '../limits.ts';
import { cut, quoted } from '../shown-value.ts';
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
  let count = 0;
  const found = sorted.map(({ manager, fields }) => {
    const paths = pathsOf(fields);
    // No more are told in any case.
    const told = paths.slice(0, Math.max(0, maximumCauses - count)).map(formatElements);
    count += paths.length;
    return { manager: describe(manager), paths: told };
  });
  const causes = found.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  );
  const [only] = causes;
  if (count === 1 && only !== undefined)
    return fieldConflicts(`Apply failed with 1 conflict: ${only.message}: ${only.field}`, causes);
  const lines = found.flatMap(({ manager, paths }) => [
    `conflicts with ${manager}:`,
    ...paths.map((path) => `- ${path}`),
  ]);
  return fieldConflicts(`Apply failed with ${count} conflicts: ${lines.join('\n')}`, causes);
}

function describe({ manager, operation, apiVersion, subresource }: Manager): string {
  const where = subresource === '' ? '' : ` with subresource ${quoted(subresource)}`;
  return `${quoted(manager)}${where}${operation === 'Update' ? ` using ${cut(apiVersion)}` : ''}`;
}
