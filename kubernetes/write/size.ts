import { maximumObjectBytes } from '../limits.ts';
import type { KubernetesObject } from '../object.ts';
import { byteLength } from '../object-meta-validation.ts';
import { requestTooLarge } from '../status-error.ts';

/**
 * Throws StatusError 413 when an object is larger than may be stored. It stands before the stores, which so refuse the
 * same; deletions do not ask, since what is there has to be able to go.
 */
export function requireSize(object: KubernetesObject): void {
  const text = JSON.stringify(object);
  // A character has three bytes at most.
  if (text.length * 3 > maximumObjectBytes && byteLength(text) > maximumObjectBytes) {
    throw requestTooLarge(maximumObjectBytes);
  }
}
