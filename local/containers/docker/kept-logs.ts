import {
  type ContainerName,
  ContainerNotFound,
  type LogLine,
  type LogOptions,
} from '../../../functions/api/containers.ts';
import { maximumKeptContainerLogBytes, maximumKeptLogBytes, pieceOverheadBytes } from '../../../kubernetes/limits.ts';

const mostTasks = 100;
/** Lines of a container that are kept when it goes. */
export const keptLines = 1000;

/** About what a line takes in memory. */
const costOf = ({ text }: LogLine): number => Buffer.byteLength(text) + pieceOverheadBytes;

/** The last lines of a log, as many as are kept of one container. */
export class LogEnd {
  private readonly lines: LogLine[] = [];
  private bytes = 0;

  add(line: LogLine): void {
    this.lines.push(line);
    this.bytes += costOf(line);
    while (this.bytes > maximumKeptContainerLogBytes || this.lines.length > keptLines) {
      const oldest = this.lines.shift();
      if (oldest === undefined) return;
      this.bytes -= costOf(oldest);
    }
  }

  kept(): readonly LogLine[] {
    return this.lines;
  }
}

interface KeptTask {
  readonly logs: ReadonlyMap<string, readonly LogLine[]>;
  readonly bytes: number;
}

/** The ends of the logs of containers that were removed, for the tasks that were removed last. */
export class KeptLogs {
  private readonly tasks = new Map<string, KeptTask>();
  private bytes = 0;

  keep(taskId: string, logs: ReadonlyMap<string, readonly LogLine[]>): void {
    this.forget(taskId);
    const bytes = [...logs.values()].flat().reduce((sum, line) => sum + costOf(line), 0);
    this.tasks.set(taskId, { logs, bytes });
    this.bytes += bytes;
    for (const oldest of this.tasks.keys()) {
      if (this.tasks.size <= mostTasks && this.bytes <= maximumKeptLogBytes) return;
      this.forget(oldest);
    }
  }

  /** Throws ContainerNotFound for what was not kept: a run before the last one never is. */
  *read({ taskId, name }: ContainerName, { previous, since = 0, tail }: LogOptions): Generator<LogLine> {
    const kept = previous === true ? undefined : this.tasks.get(taskId)?.logs.get(name);
    if (kept === undefined) throw new ContainerNotFound();
    const wanted = kept.filter(({ time }) => time >= since);
    yield* tail === 0 ? [] : wanted.slice(-(tail ?? wanted.length));
  }

  private forget(taskId: string): void {
    this.bytes -= this.tasks.get(taskId)?.bytes ?? 0;
    this.tasks.delete(taskId);
  }
}
