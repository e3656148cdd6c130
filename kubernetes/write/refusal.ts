import type { Held, Kind } from '../kind.ts';
import { alreadyExists, conflict, internalError, objectNotFound, type StatusError } from '../status-error.ts';
import type { Refusal } from '../store/store.ts';

/** How often a write is tried again after somebody else wrote in between, before its client is told. */
export const maximumAttempts = 10;

/** What a client is told of a write to an object that the store refused. `taken`: a value was in the way, not the object. */
export function refusalError(kind: Kind, name: string, refused: Refused): StatusError {
  const { refusal, taken } = refused;
  if (taken !== undefined) return internalError(`failed to allocate ${taken.field}: found no value that is free`);
  switch (refusal.reason) {
    case 'AlreadyExists':
      return alreadyExists(kind, name);
    case 'NotFound':
      return objectNotFound(kind, name);
    case 'Conflict':
      return conflict(kind, name);
  }
}

/** What the store refused, and the value that was in the way, if it was one that had been chosen for the object. */
export interface Refused {
  readonly refusal: Refusal;
  readonly taken?: Held | undefined;
}
