import { FunctionProcess, type Listener, type ProcessOptions } from './process.ts';

export interface FunctionOptions extends ProcessOptions {
  /** Reserved concurrency: so many events are worked on at once, more are refused. */
  readonly maximumProcesses: number;
}

/** More events than processes; in Lambda, status 429. */
export class Throttled extends Error {}

/** A payload that is larger than Lambda takes; status 413. */
export class PayloadTooLarge extends Error {}

/** For requests, and for answers that are not streamed. */
const maximumPayload = 6 * 1024 * 1024;

/** For answers that are streamed. */
const maximumStream = 200 * 1024 * 1024;

/** A function in as many processes as there are events at once. */
export class LambdaFunction {
  private readonly options: FunctionOptions;
  private readonly idle: FunctionProcess[] = [];
  private readonly busy = new Set<FunctionProcess>();
  private starting = 0;
  private stopped = false;

  constructor(options: FunctionOptions) {
    this.options = options;
  }

  /** Processes that stand ready or work. */
  get processes(): number {
    return this.idle.length + this.busy.size;
  }

  /** Starts processes ahead of the first events, as provisioned concurrency does. */
  async provision(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, async () => this.idle.push(await this.start())));
  }

  /** Calls the function with an event and gives back what it returns. */
  async invoke(event: unknown, listener: Listener = { metadata: () => {}, chunk: () => {} }): Promise<unknown> {
    if (sizeOf(event) > maximumPayload) throw new PayloadTooLarge('the event is larger than 6 MB');
    const process = await this.acquire();
    try {
      let streamed = 0;
      const result = await process.invoke(event, {
        metadata: (...metadata) => listener.metadata(...metadata),
        chunk: (bytes) => {
          streamed += bytes.length;
          if (streamed <= maximumStream) listener.chunk(bytes);
        },
      });
      if (sizeOf(result) > maximumPayload) throw new PayloadTooLarge('the answer is larger than 6 MB');
      return result;
    } finally {
      this.busy.delete(process);
      if (process.alive) this.idle.push(process);
    }
  }

  /** Kills a process: one that is at work if there is any. */
  kill(): boolean {
    const [busy] = this.busy;
    const victim = busy ?? this.idle.pop();
    victim?.kill();
    return victim !== undefined;
  }

  stop(): void {
    this.stopped = true;
    for (const each of [...this.idle, ...this.busy]) each.kill();
  }

  /** The one that has waited longest, so that all have their turn: that makes the most of what they do not share. */
  private async acquire(): Promise<FunctionProcess> {
    for (let next = this.idle.shift(); next !== undefined; next = this.idle.shift()) {
      if (!next.alive) continue;
      this.busy.add(next);
      return next;
    }
    const { maximumProcesses } = this.options;
    if (this.busy.size + this.starting >= maximumProcesses) throw new Throttled(`${maximumProcesses} events at once`);
    this.starting += 1;
    try {
      const started = await this.start();
      this.busy.add(started);
      return started;
    } finally {
      this.starting -= 1;
    }
  }

  private async start(): Promise<FunctionProcess> {
    const started = await FunctionProcess.start(this.options);
    if (this.stopped) started.kill();
    return started;
  }
}

const sizeOf = (payload: unknown): number => Buffer.byteLength(JSON.stringify(payload) ?? '');
