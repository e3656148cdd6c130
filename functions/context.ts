import type { Clients } from '../aws/clients.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { WorkQueue } from '../kubernetes/queue/queue.ts';
import type { Store } from '../kubernetes/store/store.ts';
import type { Installation } from '../translate/installation.ts';

/** What reconcilers and event handlers work with. */
export interface Context {
  readonly store: Store;
  readonly queue: WorkQueue;
  readonly aws: Clients;
  readonly installation: Installation;
  readonly clock: Clock;
  /** A new UUID. */
  newId(): string;
}
