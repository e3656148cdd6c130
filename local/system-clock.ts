import { setImmediate } from 'node:timers';
import type { Clock } from '../kubernetes/clock.ts';

/** The longest wait that setTimeout takes; a longer one would be over at once. */
const longestWait = 2 ** 31 - 1;

/**
 * What has come due, in order: one piece a turn of the event loop. setTimeout would run all of it before anything that has
 * arrived from outside, and what comes due meanwhile as well.
 */
const due = new Set<() => void>();

function begin(run: () => void): void {
  if (due.size === 0) setImmediate(next);
  due.add(run);
}

function next(): void {
  const [run] = due;
  if (run === undefined) return;
  due.delete(run);
  if (due.size > 0) setImmediate(next);
  run();
}

/** The time of this machine. What waits for it does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const end = Date.now() + milliseconds;
    const once = (): void => run();
    let timer: NodeJS.Timeout;
    const wait = (rest: number): void => {
      const step = Math.min(longestWait, Math.max(0, rest));
      timer = setTimeout(() => (step < rest ? wait(end - Date.now()) : begin(once)), step);
      timer.unref();
    };
    wait(milliseconds);
    return () => {
      clearTimeout(timer);
      due.delete(once);
    };
  },
};
