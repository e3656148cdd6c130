import { badRequest } from '../../../kubernetes/status-error.ts';
import type { Handler } from '../call.ts';
import { streamRequestOf } from '../stream-request.ts';
import type { Subresource } from './subresource.ts';

/** Requests that have not asked for another protocol, or came where none is spoken. */
const refuse: Handler = async (call) => {
  await streamRequestOf(call);
  throw badRequest('Upgrade request required');
};

/** exec, attach and portforward: all that is said there is said in another protocol than HTTP. */
export const upgraded: Subresource = { get: refuse, create: refuse };
