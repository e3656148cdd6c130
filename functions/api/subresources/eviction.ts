import { eviction as evictionKind } from '../../../kubernetes/kinds/policy/eviction.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { keyOfCall, type Handler } from '../call.ts';
import { decodeObject, requireName } from '../decode-object.ts';
import { deleteChoices } from '../delete-options.ts';
import { negotiate } from '../negotiate.ts';
import { writeOptions } from '../options.ts';
import { encoded } from '../respond.ts';
import type { Subresource } from './subresource.ts';

/** POST of an Eviction, as `kubectl drain` sends it: a deletion that a disruption budget could refuse, if there were one. */
const create: Handler = async (call) => {
  const { dependencies, kind, request, query } = call;
  const { media } = negotiate(request.headers.get('accept'));
  const { dryRun, fieldValidation } = writeOptions(query, request.headers, 'CreateOptions');
  const { object, warnings } = await decodeObject(call, evictionKind, fieldValidation);
  requireName(object, call.name);
  const choices = deleteChoices(object.deleteOptions ?? {});
  await deleteObject(dependencies, kind, { ...choices, key: keyOfCall(call), dryRun: dryRun || choices.dryRun });
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return encoded(JSON.stringify(status), media, { status: 201, warnings });
};

export const eviction: Subresource = { create };
