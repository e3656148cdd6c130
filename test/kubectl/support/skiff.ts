import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { inject } from 'vitest';
import { start } from './kubectl.ts';
import type { KubectlTarget } from './client.ts';

/** A `skiff up` of its own for one test file, with a HOME of its own. */
export interface RunningSkiff extends KubectlTarget {
  readonly home: string;
  readonly kubeconfig: string;
  readonly url: string;
  stop(): Promise<number | null>;
}

/** Starts the built program and waits for its `ready` line. */
export async function startSkiff(args: readonly string[] = []): Promise<RunningSkiff> {
  const home = await mkdtemp(join(tmpdir(), 'skiff-kubectl-'));
  const kubeconfig = join(home, 'kubeconfig');
  const child = spawn(
    process.execPath,
    [inject('program'), 'up', '--port', '0', '--kubeconfig', kubeconfig, '--runtime', 'simulated', ...args],
    { env: { ...process.env, HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const url = await ready(child);
  const programs = dirname(inject('program'));
  const path = process.env['PATH'] ?? '';
  return {
    home,
    kubeconfig,
    url,
    kubectl: (binary, kubectlArgs, options = {}) =>
      start(binary.path, [...cacheOption(join(home, 'cache', binary.name), kubectlArgs), ...kubectlArgs], {
        ...options,
        env: { HOME: home, KUBECONFIG: kubeconfig, PATH: `${programs}${delimiter}${path}`, ...options.env },
      }),
    stop: async () => {
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      const code = child.exitCode ?? (await ended);
      await rm(home, { recursive: true, force: true });
      return code;
    },
  };
}

/** kubectl takes no options before the name of a plugin. */
const cacheOption = (folder: string, [command]: readonly string[]): readonly string[] =>
  command === 'rolling-update' ? [] : [`--cache-dir=${folder}`];

/** The address in the line that begins with `ready`; rejects with what was printed when the program ends before it. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const look = (text: string): void => {
      printed += text;
      const address = /^ready\b.*?(https?:\/\/\S+)/m.exec(printed)?.[1];
      if (address !== undefined) resolve(address);
    };
    child.stdout?.setEncoding('utf8').on('data', look);
    child.stderr?.setEncoding('utf8').on('data', look);
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`skiff up ended with ${String(code)} before it was ready:\n${printed}`)),
    );
  });
}
