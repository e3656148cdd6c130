// Figures of repeated measurements.
export const rounded = (value) => Math.round(value * 100) / 100;

function summary(milliseconds) {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return {
    runs: sorted.length,
    medianMilliseconds: rounded(sorted[Math.floor(sorted.length / 2)]),
    minimumMilliseconds: rounded(sorted[0]),
    maximumMilliseconds: rounded(sorted.at(-1)),
  };
}

/**
 * Runs works by turns, so many times each, that whatever else the machine does touches all alike. A work answers its
 * milliseconds. Answers the figures of each, by name.
 */
export async function interleaved(count, works) {
  const taken = Object.fromEntries(Object.keys(works).map((name) => [name, []]));
  for (let index = 0; index < count; index += 1) {
    for (const [name, work] of Object.entries(works)) taken[name].push(await work());
  }
  return Object.fromEntries(Object.entries(taken).map(([name, each]) => [name, summary(each)]));
}

/** How many times as long as another the first takes, by their medians. */
export const ratio = (one, other) => rounded(one.medianMilliseconds / other.medianMilliseconds);

/** Milliseconds that a work takes. */
export async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
