import { methodNotAllowed, unclassifiedError } from '../../../kubernetes/status-error.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import type { Handler } from '../call.ts';
import { decodeObject } from '../decode-object.ts';
import { negotiate } from '../negotiate.ts';
import { writeOptions } from '../options.ts';
import { writtenResponse } from '../written-response.ts';

/** POST to a collection. */
export const create: Handler = async (call) => {
  const { dependencies, kind, request, query } = call;
  if (call.name !== '') throw methodNotAllowed();
  const representation = negotiate(request.headers.get('accept'));
  const options = writeOptions(query, request.headers, 'CreateOptions');
  const { object, warnings } = await decodeObject(call, kind, options.fieldValidation);
  if (object.metadata.resourceVersion) {
    throw unclassifiedError('resourceVersion should not be set on objects to be created');
  }
  const written = await createObject(dependencies, kind, { object, dryRun: options.dryRun, manager: options.manager });
  return writtenResponse(call, { representation, written, warnings });
};
