/**
 * ECS is eventually consistent: what was made less than so long ago may be missing in what it answers. AWS names no
 * figure; it is seconds as a rule.
 */
const lateReadMilliseconds = 30_000;

/** Milliseconds until what was made at that moment (RFC 3339) is sure to be seen; 0: it is. */
export function unseenFor(madeAt: string | null | undefined, now: number): number {
  const made = Date.parse(madeAt ?? '');
  return Number.isNaN(made) ? 0 : Math.max(0, made + lateReadMilliseconds - now);
}
