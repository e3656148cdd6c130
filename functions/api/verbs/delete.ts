import { deleteObject } from '../../../kubernetes/write/delete.ts';
import type { Written } from '../../../kubernetes/write/dependencies.ts';
import { keyOfCall, type Call, type Handler } from '../call.ts';
import { deleteOptions } from '../delete-options.ts';
import { negotiate } from '../negotiate.ts';
import { encoded } from '../respond.ts';
import { writtenResponse } from '../written-response.ts';

/** DELETE of one object. */
export const remove: Handler = async (call) => {
  const { dependencies, kind, request, query } = call;
  const representation = negotiate(request.headers.get('accept'));
  const options = await deleteOptions(request, query);
  const written = await deleteObject(dependencies, kind, { ...options, key: keyOfCall(call) });
  if (written.outcome === 'removed' && kind.gracePeriodSeconds === undefined) {
    return encoded(JSON.stringify(deleted(call, written)), representation.media);
  }
  return writtenResponse(call, { representation, written, warnings: [] });
};

/** Clients take the uid from it, to tell the object from one that gets the name later. */
const deleted = ({ kind, name }: Call, { object }: Written) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { name, ...(kind.group === '' ? {} : { group: kind.group }), kind: kind.plural, uid: object.uid },
});
