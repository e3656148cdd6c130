/** An engine has not answered in time. It may still be at what it was asked for. */
export class NoAnswer extends Error {
  constructor(what: string, milliseconds: number) {
    super(`no answer to ${what} within ${milliseconds / 1000} s`);
    this.name = 'NoAnswer';
  }
}

export interface TimeLimit {
  readonly milliseconds: number;
  /** For the message of the error. */
  readonly what: string;
  /** Somebody who may end the work before. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does something in a given time: rejects with NoAnswer when that is over, and with the signal's reason when that
 * aborts, whether or not the work listens to the signal that it is given. That one aborts when the work fails, too.
 */
export async function inTime<T>(
  { milliseconds, what, signal }: TimeLimit,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const follow = (): void => ending.abort(signal?.reason);
  if (signal?.aborted === true) follow();
  // Not AbortSignal.any: signals that live long would keep all that ever followed them.
  signal?.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => ending.abort(new NoAnswer(what, milliseconds)), milliseconds);
  const over = new Promise<never>((_resolve, reject) => {
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason), { once: true });
  });
  try {
    ending.signal.throwIfAborted();
    return await Promise.race([over, work(ending.signal)]);
  } catch (error) {
    // An engine that refuses a connection of raw bytes leaves it open, and that would keep the process from its end.
    ending.abort(error);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', follow);
  }
}
