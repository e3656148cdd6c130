import type { Clock } from '../clock.ts';
import { standardAttempts, type WorkQueue, type Worker } from './queue.ts';

export interface MemoryQueueOptions {
  readonly clock: Clock;
  /** How many keys are worked on at the same time. */
  readonly concurrency?: number;
  /** Attempts after which a key that always fails is set aside. */
  readonly attempts?: number;
  /** Told of each failure; `setAside` says that it was the last attempt. */
  report(failure: Failure): void;
}

export interface Failure {
  readonly key: string;
  readonly error: unknown;
  /** How often in a row it has failed. */
  readonly failures: number;
  readonly setAside: boolean;
}

interface Item {
  readonly key: string;
  working: boolean;
  failures: number;
  /** When work on it is due, milliseconds since the epoch; undefined when nothing asks for any. */
  due: number | undefined;
  /** Whether it stands in the line of keys that may be worked on now. */
  waiting: boolean;
  cancelTimer: () => void;
}

const nothing = (): void => {};

/** Seconds before the next attempt: 1, 2, 4 … up to 5 minutes, in which services recover and rates refill. */
export const backoffSeconds = (failures: number): number => Math.min(300, 2 ** (failures - 1));

/** The queue of local mode: keys in the order in which they came due, several at a time. */
export class MemoryQueue implements WorkQueue {
  private readonly options: MemoryQueueOptions;
  private readonly concurrency: number;
  private readonly attempts: number;
  private readonly items = new Map<string, Item>();
  private line: Item[] = [];
  private working = 0;
  private worker: Worker | undefined;
  private stopped = false;
  private idlers: (() => void)[] = [];

  constructor(options: MemoryQueueOptions) {
    this.options = options;
    this.concurrency = options.concurrency ?? 16;
    this.attempts = options.attempts ?? standardAttempts;
  }

  async enqueue(key: string, options: { readonly delaySeconds?: number } = {}): Promise<void> {
    if (!this.stopped) this.ask(this.item(key), options.delaySeconds ?? 0);
  }

  /** Begins to give out work. */
  start(worker: Worker): void {
    this.worker = worker;
    this.dispatch();
  }

  /** Gives out no more work and ends when what is being worked on is done. What waits is dropped. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const item of this.items.values()) item.cancelTimer();
    this.line = [];
    await this.idle();
  }

  /** Ends when nothing is being worked on and nothing is due. */
  async idle(): Promise<void> {
    if (this.isIdle()) return;
    await new Promise<void>((resolve) => this.idlers.push(resolve));
  }

  private isIdle(): boolean {
    return this.working === 0 && this.line.length === 0;
  }

  private item(key: string): Item {
    const there = this.items.get(key);
    if (there !== undefined) return there;
    const item = { key, working: false, failures: 0, due: undefined, waiting: false, cancelTimer: nothing };
    this.items.set(key, item);
    return item;
  }

  /** Asks for work; what was asked for sooner stays. */
  private ask(item: Item, delaySeconds: number): void {
    const due = this.options.clock.now() + Math.max(0, delaySeconds) * 1000;
    if (item.due !== undefined && item.due <= due) return;
    item.due = due;
    // What comes due while it is worked on waits for the end of that work.
    if (!item.working) this.schedule(item);
  }

  private schedule(item: Item): void {
    item.cancelTimer();
    item.cancelTimer = nothing;
    if (item.due === undefined || item.waiting) return;
    const wait = item.due - this.options.clock.now();
    if (wait <= 0) {
      item.waiting = true;
      this.line.push(item);
      this.dispatch();
    } else {
      item.cancelTimer = this.options.clock.after(wait, () => this.schedule(item));
    }
  }

  private dispatch(): void {
    const { worker } = this;
    if (worker === undefined || this.stopped) return;
    while (this.working < this.concurrency) {
      const item = this.line.shift();
      if (item === undefined) return;
      item.waiting = false;
      item.working = true;
      this.working += 1;
      void this.work(item, worker);
    }
  }

  private async work(item: Item, worker: Worker): Promise<void> {
    // What is asked for in the same turn of the event loop is one piece of work.
    await Promise.resolve();
    item.due = undefined;
    try {
      const outcome = await worker(item.key);
      item.failures = 0;
      if ('again' in outcome) this.ask(item, outcome.again);
    } catch (error) {
      this.fail(item, error);
    }
    item.working = false;
    this.working -= 1;
    if (!this.stopped) {
      if (item.due === undefined && item.failures === 0) this.items.delete(item.key);
      else this.schedule(item);
      this.dispatch();
    }
    if (this.isIdle()) for (const resolve of this.idlers.splice(0)) resolve();
  }

  private fail(item: Item, error: unknown): void {
    item.failures += 1;
    const setAside = item.failures >= this.attempts;
    this.options.report({ key: item.key, error, failures: item.failures, setAside });
    // A key that was set aside starts afresh when something asks for it again.
    if (setAside) item.failures = 0;
    else this.ask(item, backoffSeconds(item.failures));
  }
}
