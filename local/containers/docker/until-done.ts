import { setTimeout as wait } from 'node:timers/promises';

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 5000;

export interface UntilDoneOptions {
  /** Ends the attempts. */
  readonly signal: AbortSignal;
  /** Told of the first failure. */
  report(this: void, error: unknown): void;
}

/** Does something with an engine until it succeeds: engines are restarted, and refuse what is in each other's way. */
export async function untilDone(work: () => Promise<unknown>, { signal, report }: UntilDoneOptions): Promise<void> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (attempt === 0 && !signal.aborted) report(error);
    }
    await pause(attempt, signal);
  }
}

export interface RetryOptions {
  /** No attempt begins later than so long after the first. */
  readonly milliseconds: number;
  /** Whether it may go better another time; without it, everything may. */
  readonly worthwhile?: (error: unknown) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Does something with an engine, again when it fails, for some time; rejects as the last attempt did. */
export async function retrying<T>(
  work: () => Promise<T>,
  { milliseconds, worthwhile = () => true, signal }: RetryOptions,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (signal?.aborted === true || performance.now() >= end || !worthwhile(error)) throw error;
    }
    await pause(attempt, signal);
  }
}

/** Longer each time; ends when the signal aborts. */
const pause = (attempt: number, signal: AbortSignal | undefined): Promise<void> => {
  const milliseconds = Math.min(longestPauseMilliseconds, firstPauseMilliseconds * 2 ** attempt);
  return wait(milliseconds, undefined, { ...(signal === undefined ? {} : { signal }), ref: false }).catch(
    () => undefined,
  );
};
