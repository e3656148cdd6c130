import type { LogLine } from '../../../functions/api/containers.ts';

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

  get(taskId: string, container: string): readonly LogLine[] | undefined {
    return this.tasks.get(taskId)?.get(container);
  }
}
