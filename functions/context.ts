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
  /** How often the health of running pods is asked for, which ECS tells by no event; absent: with each resync. */
  readonly healthSeconds?: number;
  /** A new UUID. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
  /** Told of what is passed over because it cannot be processed. */
  report(error: unknown): void;
}
