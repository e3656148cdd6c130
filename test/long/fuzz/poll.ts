import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServedProgram } from '../../support/served-program.ts';

/** What the poll of /healthz saw. */
export interface Look {
  /** Milliseconds of the clock. */
  readonly began: number;
  readonly took: number;
  /** Without the time in which a thread was ready and the machine was busy with others. */
  readonly own: number;
  /** Megabytes of memory of the server. */
  readonly resident: number;
  readonly isHealthy: boolean;
}

const program = fileURLToPath(new URL('poll.mjs', import.meta.url));

/** Asks a server for its health from a process of its own, until it is told to end. */
export function startPoll({ port, pid }: Pick<ServedProgram, 'port' | 'pid'>, seen: (look: Look) => void): () => void {
  const child = fork(program, [String(port), String(pid)], { execArgv: [] });
  child.on('message', (look) => seen(look as Look));
  return () => void child.kill();
}
