import { setImmediate } from 'node:timers/promises';

/**
 * In one process the store, the queue and AWS wait for nothing: what the controllers have begun would go on until none of
 * it was left, and every request would wait as long. So it is cut into pieces, one for each turn of the event loop, in the
 * order in which they were asked for; what has arrived from outside goes between them.
 */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  /** Ends when there is time for another piece. */
  next(): Promise<void> {
    this.last = this.last.then(() => setImmediate());
    return this.last;
  }
}
