import type { Pod } from '../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../kubernetes/notes.ts';
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
  /**
   * Whether a task was made for the pod that it is noted of, by its tags in AWS; also true when ECS does not know it any
   * more, and so has nothing of it. Absent where nobody is led to a task.
   */
  ownsTask?(pod: Noted<Pod>, taskId: string): Promise<boolean>;
  /** What pods' containers have written; absent where there are none. */
  readonly logs?: Logs;
  /** Ways into pods' containers; absent where none really runs. */
  readonly exec?: Exec;
  /** Why nothing new can be stored at present, for `/healthz` and `/readyz`; absent or undefined: it can be. */
  storageTrouble?(): string | undefined;
  /** Told of errors that are Skiff's own fault, before the client gets its 500. */
  report(error: unknown): void;
}
