import { parseBody } from '../../kubernetes/decode/body.ts';
import { decode, type FieldValidation } from '../../kubernetes/decode/decode.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { cut } from '../../kubernetes/shown-value.ts';
import { badRequest } from '../../kubernetes/status-error.ts';
import { readBody } from './body.ts';
import type { Call } from './call.ts';
import { bodyFormat } from './negotiate.ts';

export interface Decoded<T> {
  readonly object: T;
  /** Of fields that are unknown or twice there. */
  readonly warnings: readonly string[];
}

/** The object in a request's body, in the namespace of the URL. Throws StatusError 400, 413, 415. */
export async function decodeObject<T extends KubernetesObject>(
  { request, namespace }: Call,
  kind: Kind<T>,
  validation: FieldValidation,
): Promise<Decoded<T>> {
  const format = bodyFormat(request.headers.get('content-type'));
  const body = parseBody(await readBody(request), format, kind.kind);
  const decoded = decode(kind, body, validation);
  placeIn(decoded.object, namespace);
  return decoded;
}

/** Puts an object into the namespace of a request; throws StatusError 400 when it says that it is in another one. */
export function placeIn({ metadata }: KubernetesObject, namespace: string): void {
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (namespace === '') delete metadata.namespace;
  else metadata.namespace = namespace;
}

/** Throws StatusError 400 when an object is not the one of the URL. An object without a name takes it from there. */
export function requireName({ metadata }: KubernetesObject, name: string): void {
  if (metadata.name && metadata.name !== name) {
    throw badRequest(
      `the name of the object (${cut(metadata.name)}) does not match the name on the URL (${cut(name)})`,
    );
  }
  metadata.name = name;
}
