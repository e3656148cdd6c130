import type { Clock } from '../../kubernetes/clock.ts';

/** Calls `run` again and again; the answer ends that. */
export function every(clock: Clock, milliseconds: number, run: () => void): () => void {
  const again = (): (() => void) =>
    clock.after(milliseconds, () => {
      cancel = again();
      run();
    });
  let cancel = again();
  return () => cancel();
}
