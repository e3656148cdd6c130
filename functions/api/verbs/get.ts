import { objectNotFound } from '../../../kubernetes/status-error.ts';
import { keyOfCall, type Handler } from '../call.ts';
import { negotiate } from '../negotiate.ts';
import { objectResponse } from '../respond.ts';

/** GET of one object. */
export const get: Handler = async (call) => {
  const { dependencies, kind, request, query } = call;
  const representation = negotiate(request.headers.get('accept'));
  const object = await dependencies.store.get(keyOfCall(call));
  if (object === undefined) throw objectNotFound(kind, call.name);
  return objectResponse({
    kind,
    object,
    representation,
    includeObject: query.get('includeObject'),
    now: dependencies.clock.now(),
  });
};
