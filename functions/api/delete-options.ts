import type { z } from 'zod';
import { parseBody } from '../../kubernetes/decode/body.ts';
import { conform } from '../../kubernetes/decode/conform.ts';
import { invalid, notSupported, type FieldError } from '../../kubernetes/field-errors.ts';
import { isJsonObject } from '../../kubernetes/json-value.ts';
import { deleteOptions as deleteOptionsSchema } from '../../kubernetes/openapi/meta-types.ts';
import { schemaNode } from '../../kubernetes/schema-node.ts';
import { badRequest } from '../../kubernetes/status-error.ts';
import type { Deletion, PropagationPolicy } from '../../kubernetes/write/delete.ts';
import { readBody } from './body.ts';
import { bodyFormat } from './negotiate.ts';
import { dryRunProblems, invalidOptions } from './options.ts';
import { isTrue } from './request-info.ts';
import { parseInteger } from './resource-version.ts';

export type DeleteChoices = Omit<Deletion, 'key' | 'dryRun'> & { readonly dryRun: boolean };

/** How to delete: the body of a DELETE, or its query when there is no body. Throws StatusError 400, 413, 415, 422. */
export async function deleteOptions(request: Request, query: URLSearchParams): Promise<DeleteChoices> {
  const bytes = await readBody(request);
  const options = bytes.length === 0 ? fromQuery(query) : fromBody(bytes, request.headers.get('content-type'));
  return deleteChoices({ ...options, dryRun: [...(options.dryRun ?? []), ...query.getAll('dryRun')] });
}

/** What DeleteOptions say, checked. Throws StatusError 422. */
export function deleteChoices(options: Options): DeleteChoices {
  const { dryRun = [] } = options;
  const errors = [...dryRunProblems(dryRun), ...propagationProblems(options)];
  if (errors.length > 0) throw invalidOptions('DeleteOptions', errors);
  return {
    gracePeriodSeconds: options.gracePeriodSeconds,
    preconditions: options.preconditions,
    propagationPolicy: propagationPolicy(options),
    dryRun: dryRun.includes('All'),
  };
}

type DeleteOptions = z.infer<ReturnType<typeof deleteOptionsSchema>>;
type Options = Pick<
  DeleteOptions,
  'gracePeriodSeconds' | 'preconditions' | 'orphanDependents' | 'propagationPolicy' | 'dryRun'
>;

/** Its kind and group are not looked at: each group of a kube-apiserver has DeleteOptions of its own. */
function fromBody(bytes: Uint8Array, contentType: string | null): Options {
  const { value } = parseBody(bytes, bodyFormat(contentType), 'DeleteOptions');
  if (!isJsonObject(value)) throw badRequest('the body of a DELETE is DeleteOptions');
  const read = conform(schemaNode(deleteOptionsSchema()), value);
  if (read.problem !== undefined) {
    throw badRequest(`DeleteOptions in version "v1" cannot be handled as a DeleteOptions: ${read.problem}`);
  }
  // The walk by the schema has made it one.
  return read.value as DeleteOptions;
}

function fromQuery(query: URLSearchParams): Options {
  const orphan = query.get('orphanDependents');
  return {
    gracePeriodSeconds: parseInteger(query, 'gracePeriodSeconds'),
    propagationPolicy: query.get('propagationPolicy') || undefined,
    orphanDependents: orphan === null ? undefined : isTrue(orphan),
  };
}

const policies: readonly PropagationPolicy[] = ['Foreground', 'Background', 'Orphan'];

function propagationProblems({ propagationPolicy: policy, orphanDependents: orphan }: Options): FieldError[] {
  const field = 'propagationPolicy';
  if (policy === undefined) return [];
  if (orphan !== undefined) {
    return [invalid(field, policy, 'orphanDependents and deletionPropagation cannot be both set')];
  }
  return policies.some((each) => each === policy) ? [] : [notSupported(field, policy, [...policies, 'nil'])];
}

function propagationPolicy({
  propagationPolicy: policy,
  orphanDependents: orphan,
}: Options): PropagationPolicy | undefined {
  if (orphan !== undefined) return orphan ? 'Orphan' : 'Background';
  return policies.find((each) => each === policy);
}
