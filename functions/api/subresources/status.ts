import { get } from '../verbs/get.ts';
import { patchObject } from '../verbs/patch.ts';
import { replace } from '../verbs/update.ts';
import type { Subresource } from './subresource.ts';

/** The object again, of which only the status can be written. */
export const status: Subresource = {
  get,
  update: (call) => replace(call, 'status'),
  patch: (call) => patchObject(call, 'status'),
};
