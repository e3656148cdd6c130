import type { Clock } from '../../kubernetes/clock.ts';

export interface TimerOptions {
  readonly clock: Clock;
  /** Told of what a timer's work throws. */
  report(error: unknown): void;
}

/** Every timer of the emulation, so that all can be ended. */
export class Timers {
  private readonly options: TimerOptions;
  private readonly waiting = new Set<() => void>();
  private stopped = false;

  constructor(options: TimerOptions) {
    this.options = options;
  }

  after(milliseconds: number, run: () => void): () => void {
    if (this.stopped) return () => undefined;
    const end = this.options.clock.after(milliseconds, () => {
      this.waiting.delete(cancel);
      try {
        run();
      } catch (error) {
        this.options.report(error);
      }
    });
    const cancel = (): void => {
      this.waiting.delete(cancel);
      end();
    };
    this.waiting.add(cancel);
    return cancel;
  }

  stop(): void {
    this.stopped = true;
    for (const cancel of this.waiting) cancel();
  }
}
