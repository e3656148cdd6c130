import { parseBody, type ParsedBody } from '../../kubernetes/decode/body.ts';
import { forbidden, required } from '../../kubernetes/field-errors.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { jsonPatch } from '../../kubernetes/patch/json.ts';
import { mergePatch } from '../../kubernetes/patch/merge.ts';
import { strategicMergePatch } from '../../kubernetes/patch/strategic.ts';
import { StatusError } from '../../kubernetes/status-error.ts';
import { readBody } from './body.ts';
import type { Call } from './call.ts';
import { patchType, type PatchType } from './negotiate.ts';
import { invalidOptions, writeOptions, type WriteOptions } from './options.ts';
import { isTrue } from './request-info.ts';

/** A PATCH as it came. */
export interface Patch {
  readonly type: PatchType;
  readonly body: ParsedBody;
  readonly options: WriteOptions;
  /** Server-side apply takes fields away from other managers. */
  readonly force: boolean;
}

/** Reads a PATCH; throws StatusError 400, 413, 415, 422. */
export async function readPatch({ request, query }: Call): Promise<Patch> {
  const type = patchType(request.headers.get('content-type'));
  const options = writeOptions(query, request.headers, 'PatchOptions');
  const force = query.get('force');
  if (type === 'apply' && options.askedManager === undefined) {
    throw invalidOptions('PatchOptions', [required('fieldManager', 'is required for apply patch')]);
  }
  if (type !== 'apply' && force !== null) {
    throw invalidOptions('PatchOptions', [forbidden('force', 'may not be specified for non-apply patch')]);
  }
  const bytes = await readBody(request);
  return {
    type,
    options,
    force: isTrue(force),
    body: type === 'apply' ? parseApplied(bytes) : parseBody(bytes, 'json'),
  };
}

/** YAML; nearly all clients write it as JSON, which is read several times as fast. */
function parseApplied(bytes: Uint8Array): ParsedBody {
  if (bytes[0] !== openingBrace) return parseBody(bytes, 'yaml');
  try {
    return parseBody(bytes, 'json');
  } catch (error) {
    if (error instanceof StatusError) return parseBody(bytes, 'yaml');
    throw error;
  }
}

const openingBrace = 0x7b;

/** A document with a patch that is no apply carried out on it. Neither is changed. Throws StatusError. */
export function patched(kind: Kind, document: KubernetesObject, { type, body }: Patch): unknown {
  switch (type) {
    case 'json':
      return jsonPatch(document, body.value);
    case 'merge':
      return mergePatch(document, body.value);
    case 'strategic':
      return strategicMergePatch(kind, document, body.value);
    case 'apply':
      throw new Error('an apply patch needs the managed fields');
  }
}
