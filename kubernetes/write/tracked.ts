import type { Kind } from '../kind.ts';
import { trackUpdate } from '../managed-fields/track-update.ts';
import type { KubernetesObject } from '../object.ts';

export interface Tracking<T> {
  readonly object: T;
  readonly previous: T | undefined;
  readonly manager: string | undefined;
  readonly subresource?: string | undefined;
  readonly now: string;
}

/** The object with its managedFields brought up to date for a manager; as it is when there is none. */
export function tracked<T extends KubernetesObject>(kind: Kind<T>, tracking: Tracking<T>): T {
  const { manager, subresource, object, previous, now } = tracking;
  if (manager === undefined) return object;
  return trackUpdate(kind, { object, previous, manager, now, ...(subresource === undefined ? {} : { subresource }) });
}
