import type { Clock } from '../../kubernetes/clock.ts';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/**
 * A clock that goes on by itself, a millisecond with each turn of the event loop, while somebody waits for it: whole
 * seconds pass in a moment, but never faster than what happens in them.
 */
export class RunningClock implements Clock {
  private time = Date.parse('2026-01-01T00:00:00Z');
  private readonly timers = new Set<Timer>();
  private turning = false;

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { due: this.time + Math.max(0, milliseconds), run };
    this.timers.add(timer);
    this.turn();
    return () => this.timers.delete(timer);
  }

  /** Lets time pass at once. */
  skip(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Forgets all who wait. */
  stop(): void {
    this.timers.clear();
  }

  private turn(): void {
    if (this.turning || this.timers.size === 0) return;
    this.turning = true;
    setImmediate(() => {
      this.turning = false;
      this.time += 1;
      for (const timer of this.timers) {
        if (timer.due > this.time) continue;
        this.timers.delete(timer);
        timer.run();
      }
      this.turn();
    });
  }
}
