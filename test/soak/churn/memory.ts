/** Megabytes of memory after so many seconds. */
export interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

/** The part of the time after which memory is what it will be: caches are full and the heap has its size. */
const warmUp = 1 / 3;
/** Megabytes by which memory may rise from the beginning of what is left to its end: the heap's own ups and downs. */
export const allowedRise = 32;

/**
 * How much memory has risen after the warm-up, megabytes: from the median of the first quarter to that of the last. What a
 * single sample shows depends on when garbage was collected, a median hardly does.
 */
export function rise(samples: readonly Sample[]): number {
  const end = samples.at(-1)?.seconds ?? 0;
  const counted = samples.filter(({ seconds }) => seconds >= end * warmUp).map(({ megabytes }) => megabytes);
  const quarter = Math.ceil(counted.length / 4);
  return median(counted.slice(-quarter)) - median(counted.slice(0, quarter));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = sorted.length % 2 === 0 ? sorted.slice(middle - 1) : [sorted[middle], sorted[middle]];
  return (low + high) / 2;
}

/** The least of each minute, for people: what is left after garbage was collected. */
export function minutes(samples: readonly Sample[]): readonly number[] {
  const least = new Map<number, number>();
  for (const { seconds, megabytes } of samples) {
    const minute = Math.floor(seconds / 60);
    least.set(minute, Math.min(least.get(minute) ?? Number.POSITIVE_INFINITY, Math.round(megabytes)));
  }
  return [...least.values()];
}
