import { PassThrough } from 'node:stream';
import type { ContainerName, ContainerProcess, Exec, LogLine } from '../../../functions/api/containers.ts';
import type { ContainerExit, RuntimeContainer } from '../../../local/containers/runtime.ts';
import { SimulatedRuntime } from '../../../local/containers/simulated.ts';

/** Something that was asked of a container, or of a port of its task. */
export interface Access {
  readonly what: 'logs' | 'exec' | 'attach' | 'connect';
  readonly taskId: string;
}

/** Simulated containers that print what is in their environment, let everybody in, and note down who came. */
export class WatchfulRuntime extends SimulatedRuntime {
  readonly accesses: Access[] = [];
  /** Every container that was started, with all that it was given. */
  readonly started: RuntimeContainer[] = [];

  readonly exec: Exec = {
    start: ({ taskId }) => this.enter({ what: 'exec', taskId }),
    attach: ({ taskId }) => this.enter({ what: 'attach', taskId }),
    connect: (taskId) => {
      this.accesses.push({ what: 'connect', taskId });
      return Promise.resolve(new PassThrough().end(this.printed(taskId)));
    },
  };

  override startContainer(
    container: RuntimeContainer,
    exited: (exit: ContainerExit) => void,
  ): Promise<{ runtimeId: string }> {
    this.started.push(container);
    return super.startContainer(container, exited);
  }

  override async *logs(container: ContainerName): AsyncIterable<LogLine> {
    this.accesses.push({ what: 'logs', taskId: container.taskId });
    yield* super.logs(container);
    yield { time: 0, stream: 'stdout', text: this.printed(container.taskId) };
  }

  private enter(access: Access): Promise<ContainerProcess> {
    this.accesses.push(access);
    return Promise.resolve(processThatSays(this.printed(access.taskId)));
  }

  private printed(taskId: string): string {
    const own = this.started.filter((container) => container.taskId === taskId);
    return own.map(({ definition }) => JSON.stringify(definition.environment ?? [])).join('\n');
  }
}

/** A process that says one thing and ends well. */
function processThatSays(text: string): ContainerProcess {
  const output = new PassThrough({ objectMode: true });
  output.end({ stream: 'stdout', data: Buffer.from(text) });
  return {
    output,
    write: () => Promise.resolve(),
    endInput: () => undefined,
    resize: () => Promise.resolve(),
    exitCode: () => Promise.resolve(0),
    close: () => undefined,
  };
}
