import type { Clock } from '../kubernetes/clock.ts';

/** The longest wait that setTimeout takes; a longer one would be over at once. */
const longestWait = 2 ** 31 - 1;

/** The time of this machine. What waits for it does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const due = Date.now() + milliseconds;
    let timer: NodeJS.Timeout;
    const wait = (rest: number): void => {
      const step = Math.min(longestWait, Math.max(0, rest));
      timer = setTimeout(() => (step < rest ? wait(due - Date.now()) : run()), step);
      timer.unref();
    };
    wait(milliseconds);
    return () => clearTimeout(timer);
  },
};
