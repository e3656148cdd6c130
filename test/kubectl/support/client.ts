import { expect, vi } from 'vitest';
import type { KubectlBinary, RunOptions, Running } from './kubectl.ts';

/** Anything that answers kubectl: `skiff up`, or another host of the same API. */
export interface KubectlTarget {
  kubectl(binary: KubectlBinary, args: readonly string[], options?: RunOptions): Running;
}

/** One kubectl against one server, for suites. */
export interface Client {
  /** Runs a command line that must succeed; gives back what it printed on stdout. Arguments are split at blanks; use a list where one holds any. */
  ok(command: string | readonly string[], options?: RunOptions): Promise<string>;
  /** Runs a command line that must fail; gives back what it printed on stderr. */
  fails(command: string | readonly string[], options?: RunOptions): Promise<string>;
  /** Runs a command line again until what it prints matches; for what kubectl 1.27 to 1.33 cannot all wait for. */
  until(command: string | readonly string[], pattern: RegExp): Promise<string>;
  /** Starts a command line that runs until it is stopped, such as a watch. */
  start(command: string | readonly string[], options?: RunOptions): Running;
  /** The object as the server has it. */
  get<T = Record<string, unknown>>(resource: string): Promise<T>;
}

const words = (command: string | readonly string[]): readonly string[] =>
  typeof command === 'string' ? command.split(' ').filter((word) => word !== '') : command;

export function client(target: KubectlTarget, binary: KubectlBinary): Client {
  const ok: Client['ok'] = async (command, options) => {
    const outcome = await target.kubectl(binary, words(command), options).ended;
    expect(outcome, `kubectl ${words(command).join(' ')}\n${outcome.stdout}${outcome.stderr}`).toMatchObject({
      code: 0,
    });
    return outcome.stdout;
  };
  return {
    ok,
    fails: async (command, options) => {
      const outcome = await target.kubectl(binary, words(command), options).ended;
      expect(outcome.code, `kubectl ${words(command).join(' ')}\n${outcome.stdout}${outcome.stderr}`).not.toBe(0);
      return outcome.stderr;
    },
    until: (command, pattern) =>
      vi.waitFor(
        async () => {
          const printed = await ok(command);
          expect(printed).toMatch(pattern);
          return printed;
        },
        { timeout: 30_000, interval: 100 },
      ),
    start: (command, options) => target.kubectl(binary, words(command), options),
    get: async (resource) => JSON.parse(await ok(`get ${resource} -o json`)),
  };
}

/** The rows of a printed table, without its heading, cut at two or more blanks. */
export const rows = (table: string): readonly (readonly string[])[] =>
  table
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s{2,}/));
