import type { Clock } from '../../kubernetes/clock.ts';

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  private time: number;
  private timers: Timer[] = [];

  constructor(start = Date.parse('2026-01-01T00:00:00Z')) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { due: this.time + Math.max(0, milliseconds), run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.length;
  }

  /** Lets time pass: each timer runs at its own moment, and what it starts has settled before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    await settle();
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      const timer = next;
      this.timers = this.timers.filter((each) => each !== timer);
      this.time = Math.max(this.time, timer.due);
      timer.run();
      await settle();
    }
    this.time = end;
  }

  private next(end: number): Timer | undefined {
    return this.timers.filter((timer) => timer.due <= end).toSorted((a, b) => a.due - b.due)[0];
  }
}

/** Lets everything that is ready to run do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
