import type { Duplex } from 'node:stream';
import { StatusError } from '../../kubernetes/status-error.ts';

/** A container of an ECS task. */
export interface ContainerName {
  /** The last part of the task's ARN. */
  readonly taskId: string;
  readonly name: string;
}

/** What containers have written. */
export interface Logs {
  /**
   * Oldest first; with `follow`, until the container ends or the signal aborts. The logs of a task that was removed stay
   * for a while. Throws ContainerNotFound at the first step.
   */
  logs(container: ContainerName, options: LogOptions): AsyncIterable<LogLine>;
}

export interface LogOptions {
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
  /** The run of the container before the present one, in the same task. */
  readonly previous?: boolean;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  /** Only so many lines at the end. */
  readonly tail?: number;
}

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Ways into running containers. */
export interface Exec {
  /** Runs a command, with its streams in the caller's hand. Rejects with the reason when it cannot be started. */
  start(container: ContainerName, command: Command): Promise<ContainerProcess>;

  /** Takes part in the streams of the container's first process. */
  attach(container: ContainerName): Promise<ContainerProcess>;

  /** Opens a connection to a port of a task, as `localhost` inside it. */
  connect(taskId: string, port: number): Promise<Duplex>;
}

export interface Command {
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** A process in a container, with its streams. */
export interface ContainerProcess {
  /** Ends with the process's output. To be read once. */
  readonly output: AsyncIterable<OutputChunk>;
  /** Answers when more may be written. What is written after the end is dropped. */
  write(data: Uint8Array): Promise<void>;
  /** The process reads the end of its input. */
  endInput(): void;
  resize(size: TerminalSize): Promise<void>;
  /** Once the output has ended; undefined when it cannot be known. */
  exitCode(): Promise<number | undefined>;
  /** Lets go of the streams. */
  close(): void;
}

export interface OutputChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Uint8Array;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** No container of that name, or none of that run. */
export class ContainerNotFound extends Error {
  constructor(options?: ErrorOptions) {
    super('container not found', options);
    this.name = 'ContainerNotFound';
  }
}

/** 501: what was asked for is not there without real containers. */
export const needsContainerEngine = (what: string): StatusError =>
  new StatusError({ code: 501, message: `${what} needs a container engine: tasks are simulated here` });
