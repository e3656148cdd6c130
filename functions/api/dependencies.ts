import type { WriteDependencies } from '../../kubernetes/write/dependencies.ts';
import type { Exec, Logs } from './containers.ts';

/** Who asks, as Kubernetes' UserInfo. */
export interface User {
  readonly username: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

/** What the API app works with. */
export interface ApiDependencies extends WriteDependencies {
  /** The user behind a request, or undefined when its credentials are missing or wrong. */
  authenticate(request: Request): Promise<User | undefined>;
  /** How long a watch may stay open, seconds; clients ask for less or nothing. */
  readonly maximumWatchSeconds: number;
  /** What pods' containers have written; absent where there are none. */
  readonly logs?: Logs;
  /** Ways into pods' containers; absent where none really runs. */
  readonly exec?: Exec;
  /** Told of errors that are Skiff's own fault, before the client gets its 500. */
  report(error: unknown): void;
}
