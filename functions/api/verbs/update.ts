import { cloneJson } from '../../../kubernetes/json-value.ts';
import type { Kind } from '../../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { cut } from '../../../kubernetes/shown-value.ts';
import { conflict, StatusError } from '../../../kubernetes/status-error.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import type { Written } from '../../../kubernetes/write/dependencies.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { keyOfCall, type Call, type Handler } from '../call.ts';
import { decodeObject, requireName } from '../decode-object.ts';
import { negotiate } from '../negotiate.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { parseRevision } from '../resource-version.ts';
import { writtenResponse } from '../written-response.ts';

/** PUT of an object, or, as `status`, of its status alone. */
export const update: Handler = async (call) => replace(call, undefined);

export async function replace(call: Call, subresource: 'status' | undefined): Promise<Response> {
  const { kind, request, query } = call;
  const representation = negotiate(request.headers.get('accept'));
  const options = writeOptions(query, request.headers, 'UpdateOptions');
  const { object, warnings } = await decodeObject(call, kind, options.fieldValidation);
  requireName(object, call.name);
  const written = await replaceOrCreate(call, { object, options, subresource });
  return writtenResponse(call, { representation, written, warnings });
}

interface Replacement {
  readonly object: KubernetesObject;
  readonly options: WriteOptions;
  readonly subresource: 'status' | undefined;
}

async function replaceOrCreate(call: Call, { object, options, subresource }: Replacement): Promise<Written> {
  const { dependencies, kind } = call;
  const { dryRun, manager } = options;
  const revision = revisionOf(object);
  try {
    return await updateObject(dependencies, kind, {
      key: keyOfCall(call),
      change: (current) => {
        requireSameObject(kind, object, current);
        return cloneJson(object);
      },
      subresource,
      revision,
      dryRun,
      manager,
    });
  } catch (error) {
    const missing = error instanceof StatusError && error.code === 404;
    if (!missing || !kind.createOnUpdate || subresource !== undefined || revision !== undefined) throw error;
    return createObject(dependencies, kind, { object, dryRun, manager });
  }
}

/** A body without a revision, or with 0, replaces whatever there is. */
export function revisionOf({ metadata }: KubernetesObject): number | undefined {
  const revision = metadata.resourceVersion ? parseRevision(metadata.resourceVersion) : 0;
  return revision === 0 ? undefined : revision;
}

function requireSameObject(kind: Kind, object: KubernetesObject, current: KubernetesObject): void {
  const { uid, name = '' } = object.metadata;
  if (!uid || uid === current.metadata.uid) return;
  throw conflict(
    kind,
    name,
    `Precondition failed: UID in precondition: ${cut(uid)}, UID in object meta: ${current.metadata.uid ?? ''}`,
  );
}
