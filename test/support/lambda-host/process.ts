import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../../kubernetes/clock.ts';
import type { RuntimeMessage } from './messages.ts';

export interface ProcessOptions {
  /** The bundle of runtime.ts. */
  readonly runtime: string;
  /** The function's bundle. */
  readonly bundle: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly clock: Clock;
  /** Takes what the function writes to its log. */
  log(text: string): void;
}

/** What an invocation says before it ends. */
export interface Listener {
  metadata(statusCode: number, headers: Readonly<Record<string, string>>): void;
  chunk(bytes: Uint8Array): void;
}

/** One environment of a function: a process that works on one event at a time and stands still in between. */
export class FunctionProcess {
  private readonly child: ChildProcess;
  private readonly options: ProcessOptions;
  private take: (message: RuntimeMessage) => void = () => {};
  private fail: (error: Error) => void = () => {};
  private endedBy: Error | undefined;

  private constructor(options: ProcessOptions) {
    this.options = options;
    this.child = spawn(process.execPath, [options.runtime, options.bundle], {
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => options.log(text));
    }
    this.child.on('message', (message) => this.take(message as RuntimeMessage));
    this.child.once('error', (error) => this.end(error));
    this.child.once('exit', (code, signal) => this.end(new Error(`the process ended with ${code ?? signal}`)));
  }

  /** Starts a process and waits until it has loaded the function. */
  static async start(options: ProcessOptions): Promise<FunctionProcess> {
    const started = new FunctionProcess(options);
    await started.until((message) => (message.type === 'ready' ? { result: undefined } : undefined));
    started.freeze();
    return started;
  }

  get alive(): boolean {
    return this.endedBy === undefined;
  }

  /** Works on an event. Rejects when the function throws, when its time is over, and when the process dies. */
  async invoke(event: unknown, listener: Listener): Promise<unknown> {
    this.child.kill('SIGCONT');
    const cancel = this.options.clock.after(this.options.timeoutSeconds * 1000, () => {
      this.end(new Error(`Task timed out after ${this.options.timeoutSeconds}.00 seconds`));
    });
    try {
      const over = this.until((message) => {
        if (message.type === 'metadata') listener.metadata(message.statusCode, message.headers);
        if (message.type === 'chunk') listener.chunk(message.bytes);
        if (message.type === 'failed') throw new Error(message.error);
        return message.type === 'done' ? { result: message.result } : undefined;
      });
      this.child.send({ event });
      return await over;
    } finally {
      cancel();
      this.freeze();
    }
  }

  /** Ends it, whatever it is at. */
  kill(): void {
    this.end(new Error('the process was killed'));
  }

  private freeze(): void {
    if (this.alive) this.child.kill('SIGSTOP');
  }

  private end(error: Error): void {
    this.endedBy ??= error;
    this.child.kill('SIGKILL');
    this.fail(error);
  }

  private until(look: (message: RuntimeMessage) => { readonly result: unknown } | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.fail = reject;
      this.take = (message) => {
        try {
          const end = look(message);
          if (end !== undefined) resolve(end.result);
        } catch (error) {
          reject(error);
        }
      };
      if (this.endedBy !== undefined) reject(this.endedBy);
    });
  }
}
