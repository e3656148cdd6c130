import type { Clock } from '../../kubernetes/clock.ts';

/** Ends after so many milliseconds, or when the signal aborts. */
export async function wait(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(milliseconds, end);
    signal?.addEventListener('abort', end);
  });
}

/** Milliseconds before another attempt: doubled each time, half of it by chance, so that rivals do not meet again. */
export const backoffMilliseconds = (attempt: number, random: () => number): number => {
  const most = Math.min(1000, 10 * 2 ** attempt);
  return most / 2 + (random() * most) / 2;
};

/** Does something for each of many, at most so many at once. */
export async function forEachAtOnce<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const run = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  return results;
}
