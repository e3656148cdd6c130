import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A kubectl on this machine. */
export interface KubectlBinary {
  /** `kubectl` for the one that PATH leads to, `kubectl.1.33` for those beside it. */
  readonly name: string;
  readonly path: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The kubectl that PATH leads to, and each `kubectl.1.NN` beside it. None where there is no kubectl. */
export function findKubectls(path = process.env['PATH'] ?? ''): readonly KubectlBinary[] {
  const first = path
    .split(delimiter)
    .map((folder) => join(folder, 'kubectl'))
    .find((candidate) => existsSync(candidate));
  if (first === undefined) return [];
  const folder = dirname(realpathSync(first));
  const versions = readdirSync(folder)
    .filter((name) => /^kubectl\.1\.\d+$/.test(name))
    .toSorted();
  return [{ name: 'kubectl', path: first }, ...versions.map((name) => ({ name, path: join(folder, name) }))];
}

/** A command that runs. */
export interface Running {
  /** Resolves with the match once what it has printed on stdout matches; rejects when it ends before that. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it, if it has not ended by itself. */
  stop(): Promise<Outcome>;
  readonly ended: Promise<Outcome>;
}

/** Starts a command. */
export function start(path: string, args: readonly string[], options: RunOptions = {}): Running {
  // It ends before it would have to collect its garbage: a fifth of its time.
  const child = spawn(path, args, { env: { ...process.env, GOGC: 'off', ...options.env } });
  const written = { stdout: '', stderr: '' };
  const look = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      for (const each of look) each();
    });
  }
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, ...written }));
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.stdin ?? '');
  return {
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const found = pattern.exec(written.stdout);
          if (found === null) return;
          look.delete(check);
          resolve(found);
        };
        look.add(check);
        check();
        ended.then(
          ({ stdout, stderr }) => reject(new Error(`ended without ${String(pattern)}:\n${stdout}${stderr}`)),
          reject,
        );
      }),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Runs one command to its end and gives back what it printed. */
export const run = (path: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
  start(path, args, options).ended;
