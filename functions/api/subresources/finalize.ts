import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { keyOfCall, type Handler } from '../call.ts';
import { decodeObject, requireName } from '../decode-object.ts';
import { negotiate } from '../negotiate.ts';
import { writeOptions } from '../options.ts';
import { revisionOf } from '../verbs/update.ts';
import { writtenResponse } from '../written-response.ts';
import type { Subresource } from './subresource.ts';

/** What the kinds with this subresource have in common. */
interface Finalized extends KubernetesObject {
  spec?: { finalizers?: string[] };
}

/** PUT of the finalizers in a spec, and of nothing else. With the last one a deleted object goes. */
const update: Handler = async (call) => {
  const { dependencies, kind, request, query } = call;
  const representation = negotiate(request.headers.get('accept'));
  const { dryRun, manager, fieldValidation } = writeOptions(query, request.headers, 'UpdateOptions');
  const { object, warnings } = await decodeObject(call, kind, fieldValidation);
  requireName(object, call.name);
  const { spec }: Finalized = object;
  const written = await updateObject(dependencies, kind, {
    key: keyOfCall(call),
    change: (current: Finalized) => ({ ...current, spec: { ...current.spec, finalizers: spec?.finalizers ?? [] } }),
    verbatim: true,
    revision: revisionOf(object),
    dryRun,
    manager,
    trackedSubresource: 'finalize',
  });
  return writtenResponse(call, { representation, written, warnings });
};

export const finalize: Subresource = { update };
