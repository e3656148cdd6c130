import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { dataLabel, installationLabel, type Ownership, processLabel } from './labels.ts';

/** An installation without a data directory ends with its process; one with is the same in the next process. */
export function ownershipOf(dataDirectory: string | undefined, newId: () => string): Ownership {
  if (dataDirectory === undefined) {
    const installation = newId().replaceAll('-', '').slice(0, 10);
    return { installation, labels: { [installationLabel]: installation, [processLabel]: processName(process.pid) } };
  }
  const path = `${hostname()}:${realpathSync(dataDirectory)}`;
  const installation = createHash('sha256').update(path).digest('hex').slice(0, 10);
  return { installation, labels: { [installationLabel]: installation, [dataLabel]: path } };
}

/** Whether nobody can come and ask for what carries these labels: its process, or its data directory, is no more. */
export function isAbandoned(labels: Readonly<Record<string, string>>): boolean {
  const [machine = '', ...rest] = (labels[processLabel] || labels[dataLabel] || '').split(':');
  // Another machine's Skiff may share the engine: only that machine knows.
  if (machine !== hostname()) return false;
  if (labels[dataLabel]) return !existsSync(rest.join(':'));
  const pid = Number(rest[0]);
  return labels[processLabel] !== processName(pid);
}

/** Machine, process, and when it began where that can be had, since numbers of processes come again. */
function processName(pid: number): string {
  return `${hostname()}:${pid}:${isRunning(pid) ? beginOf(pid) : 'ended'}`;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Clock ticks from the boot to the process's start: the 22nd field of proc(5)'s stat, the 20th after the name. */
function beginOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
