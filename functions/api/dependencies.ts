import type { Clock } from '../../kubernetes/clock.ts';
import type { Store } from '../../kubernetes/store/store.ts';

/** Who asks, as Kubernetes' UserInfo. */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** What the API app works with. */
export interface ApiDependencies {
  readonly store: Store;
  readonly clock: Clock;
  /** In [0, 1). */
  random(): number;
  /** A new UUID. */
  newId(): string;
  /** The user behind a request, or undefined when its credentials are missing or wrong. */
  authenticate(request: Request): Promise<User | undefined>;
  /** How long a watch may stay open, seconds; clients ask for less or nothing. */
  readonly maximumWatchSeconds: number;
  /** Told of errors that are Skiff's own fault, before the client gets its 500. */
  report(error: unknown): void;
}
