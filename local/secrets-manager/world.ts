import type { Clock } from '../../kubernetes/clock.ts';
import type { Secrets } from './state.ts';

/** What the operations of the emulated Secrets Manager share. */
export interface SecretsWorld {
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, 'now'>;
  readonly region: string;
  readonly accountId: string;
  /** A new UUID. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
}
