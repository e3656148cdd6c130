import type { Duplex } from 'node:stream';
import {
  type Command,
  type ContainerName,
  ContainerNotFound,
  type ContainerProcess,
  type Exec,
} from '../../../functions/api/containers.ts';
import { connectDirectly, connectionOf } from './connect.ts';
import type { Engine } from './engine.ts';
import { inspect } from './inspect.ts';
import { attachTo, startCommand } from './process.ts';
import { runIn, taskIn, type Tasks } from './tasks.ts';

/** Ways into the containers of tasks. */
export class TaskExec implements Exec {
  private readonly engine: Engine;
  private readonly tasks: Tasks;

  constructor(engine: Engine, tasks: Tasks) {
    this.engine = engine;
    this.tasks = tasks;
  }

  start(container: ContainerName, command: Command): Promise<ContainerProcess> {
    const run = runIn(this.tasks, container);
    if (run === undefined) return Promise.reject(new ContainerNotFound());
    return startCommand(this.engine, run.id, command);
  }

  attach(container: ContainerName): Promise<ContainerProcess> {
    const run = runIn(this.tasks, container);
    if (run === undefined) return Promise.reject(new ContainerNotFound());
    const exitCode = async (): Promise<number> => (await inspect(this.engine, run.id)).State.ExitCode;
    return attachTo(this.engine, run.id, { tty: run.tty, exitCode });
  }

  async connect(taskId: string, port: number): Promise<Duplex> {
    const { address, pause } = taskIn(this.tasks, taskId);
    const direct = await connectDirectly(address, port);
    if (direct !== undefined) return direct;
    // The engine's network may be out of reach, or the program listens on the task's own loopback alone.
    const command = ['/bin/busybox', 'nc', '127.0.0.1', String(port)];
    return connectionOf(await startCommand(this.engine, pause, { command, stdin: true, tty: false }));
  }
}
