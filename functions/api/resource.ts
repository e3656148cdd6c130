import { methodNotAllowed, resourceNotFound } from '../../kubernetes/status-error.ts';
import type { Verb } from '../../kubernetes/kind.ts';
import { authorizeResource } from './authorize.ts';
import type { Call, Handler } from './call.ts';
import { reviews } from './reviews.ts';
import { servedSubresources } from './subresources/served.ts';
import { create } from './verbs/create.ts';
import { remove } from './verbs/delete.ts';
import { deleteCollection } from './verbs/delete-collection.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';

const verbs: Readonly<Record<Verb, Handler>> = {
  create,
  delete: remove,
  deletecollection: deleteCollection,
  get,
  list,
  patch,
  update,
  watch,
};

/** Answers a request for a resource. Throws StatusError. */
export async function answerResource(call: Call): Promise<Response> {
  const review = reviews.find(({ kind }) => kind === call.kind);
  if (review !== undefined && call.verb === 'create' && call.name === '') return review.answer(call);
  authorizeResource(call.user, call);
  return handlerOf(call)(call);
}

function handlerOf({ kind, verb, subresource }: Call): Handler {
  if (subresource === '') {
    if (!kind.verbs.includes(verb)) throw methodNotAllowed();
    return verbs[verb];
  }
  const served = servedSubresources(kind).find(({ name }) => name === subresource);
  if (served === undefined) throw resourceNotFound();
  const { handlers } = served;
  const handler =
    verb === 'get' || verb === 'create' || verb === 'update' || verb === 'patch' ? handlers[verb] : undefined;
  if (handler === undefined) throw methodNotAllowed();
  return handler;
}
