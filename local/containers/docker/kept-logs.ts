import {
  type ContainerName,
  ContainerNotFound,
  type LogLine,
  type LogOptions,
} from '../../../functions/api/containers.ts';

const mostTasks = 100;
/** Lines of a container that are kept when it goes. */
export const keptLines = 1000;

/** The ends of the logs of containers that were removed, for the tasks that were removed last. */
export class KeptLogs {
  private readonly tasks = new Map<string, Map<string, readonly LogLine[]>>();

  keep(taskId: string, logs: Map<string, readonly LogLine[]>): void {
    this.tasks.set(taskId, logs);
    const [oldest] = this.tasks.keys();
    if (this.tasks.size > mostTasks && oldest !== undefined) this.tasks.delete(oldest);
  }

  /** Throws ContainerNotFound for what was not kept: a run before the last one never is. */
  *read({ taskId, name }: ContainerName, { previous, since = 0, tail }: LogOptions): Generator<LogLine> {
    const kept = previous === true ? undefined : this.tasks.get(taskId)?.get(name);
    if (kept === undefined) throw new ContainerNotFound();
    const wanted = kept.filter(({ time }) => time >= since);
    yield* tail === 0 ? [] : wanted.slice(-(tail ?? wanted.length));
  }
}
