import type { LogLine, LogOptions } from '../../../functions/api/containers.ts';
import type { Engine } from './engine.ts';
import { multiplexed, unframed } from './frames.ts';
import { keptLines, LogEnd } from './kept-logs.ts';
import { logLines } from './log-lines.ts';
import type { Run } from './tasks.ts';

/** How long a task that goes waits for the ends of its logs. */
const keepMilliseconds = 10_000;

/** The log of a run. Ends without an error when the signal aborts. */
export async function* readLogs(
  engine: Engine,
  run: Run,
  { follow, since, tail, signal }: LogOptions,
): AsyncGenerator<LogLine, void, undefined> {
  const query = {
    stdout: true,
    stderr: true,
    timestamps: true,
    follow: follow === true,
    since: since === undefined ? undefined : since / 1000,
    tail,
  };
  try {
    const source = await engine.stream('GET', `/containers/${run.id}/logs`, {
      query,
      ...(signal === undefined ? {} : { signal }),
    });
    yield* logLines(run.tty ? unframed(source) : multiplexed(source));
  } catch (error) {
    if (signal?.aborted !== true) throw error;
  }
}

/** The ends of the logs of a task's present runs, by the container's name; what cannot be had soon is left out. */
export async function endsOfLogs(
  engine: Engine,
  runs: ReadonlyMap<string, readonly Run[]>,
): Promise<Map<string, readonly LogLine[]>> {
  const options = { tail: keptLines, signal: AbortSignal.timeout(keepMilliseconds) };
  const logs = new Map<string, readonly LogLine[]>();
  for (const [name, all] of runs) {
    const end = new LogEnd();
    const run = all.at(-1);
    try {
      if (run !== undefined) for await (const line of readLogs(engine, run, options)) end.add(line);
    } catch {
      // Somebody has removed the container: there is nothing to keep.
    }
    logs.set(name, end.kept());
  }
  return logs;
}
