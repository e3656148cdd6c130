import { timestamp } from '../../../kubernetes/clock.ts';
import { decode } from '../../../kubernetes/decode/decode.ts';
import { isJsonObject } from '../../../kubernetes/json-value.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { applyPatch } from '../../../kubernetes/patch/apply.ts';
import { cut } from '../../../kubernetes/shown-value.ts';
import { badRequest, conflict, StatusError } from '../../../kubernetes/status-error.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import type { Written } from '../../../kubernetes/write/dependencies.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { keyOfCall, type Call, type Handler } from '../call.ts';
import { placeIn, requireName } from '../decode-object.ts';
import { negotiate } from '../negotiate.ts';
import { patched, readPatch, type Patch } from '../patch.ts';
import { writtenResponse } from '../written-response.ts';

/** PATCH of an object, or, as `status`, of its status alone. */
export const patch: Handler = async (call) => patchObject(call, undefined);

export async function patchObject(call: Call, subresource: 'status' | undefined): Promise<Response> {
  const representation = negotiate(call.request.headers.get('accept'));
  const given = await readPatch(call);
  const { written, warnings } =
    given.type === 'apply' ? await apply(call, given, subresource) : await change(call, given, subresource);
  return writtenResponse(call, { representation, written, warnings });
}

interface Patched {
  readonly written: Written;
  readonly warnings: readonly string[];
}

async function change(call: Call, given: Patch, subresource: 'status' | undefined): Promise<Patched> {
  const { dependencies, kind } = call;
  const { dryRun, manager, fieldValidation } = given.options;
  let warnings: readonly string[] = [];
  const written = await updateObject(dependencies, kind, {
    key: keyOfCall(call),
    change: (current) => {
      const value = patched(kind, current, given);
      const decoded = decode(kind, { value, duplicates: given.body.duplicates }, fieldValidation);
      warnings = decoded.warnings;
      requireSame(call, decoded.object, current);
      return decoded.object;
    },
    subresource,
    dryRun,
    manager,
  });
  return { written, warnings };
}

/** Server-side apply; it makes an object that is not there. */
async function apply(call: Call, given: Patch, subresource: 'status' | undefined): Promise<Patched> {
  const { dependencies, kind } = call;
  const { dryRun } = given.options;
  let warnings: readonly string[] = [];
  const applied = (current: KubernetesObject | undefined): KubernetesObject => {
    requireSameName(call, given.body.value);
    const value = applyPatch(kind, {
      current,
      applied: given.body.value,
      manager: given.options.manager,
      force: given.force,
      now: timestamp(dependencies.clock),
      ...(subresource === undefined ? {} : { subresource }),
    });
    const decoded = decode(kind, { value, duplicates: given.body.duplicates }, given.options.fieldValidation);
    warnings = decoded.warnings;
    requireSame(call, decoded.object, current);
    return decoded.object;
  };
  try {
    const written = await updateObject(dependencies, kind, {
      key: keyOfCall(call),
      change: applied,
      subresource,
      dryRun,
    });
    return { written, warnings };
  } catch (error) {
    if (!isMissing(error, call) || subresource !== undefined) throw error;
    return { written: await createObject(dependencies, kind, { object: applied(undefined), dryRun }), warnings };
  }
}

const isMissing = (error: unknown, call: Call): boolean =>
  error instanceof StatusError && error.code === 404 && error.status.details?.kind === call.kind.plural;

/** The configuration that is applied has to name its object. */
export function requireSameName({ name }: Call, applied: unknown): void {
  const metadata = isJsonObject(applied) && isJsonObject(applied['metadata']) ? applied['metadata'] : {};
  const given = typeof metadata['name'] === 'string' ? metadata['name'] : '';
  if (given !== name) {
    throw badRequest(`the name of the object (${cut(given)}) does not match the name on the URL (${cut(name)})`);
  }
}

/** A patch may not move an object, and when it names a revision it is meant for that one alone. */
function requireSame(call: Call, object: KubernetesObject, current: KubernetesObject | undefined): void {
  requireName(object, call.name);
  placeIn(object, call.namespace);
  const { resourceVersion } = object.metadata;
  if (resourceVersion && current && resourceVersion !== current.metadata.resourceVersion) {
    throw conflict(call.kind, call.name);
  }
}
