import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { temporaryDirectory } from '../support/temporary-directory.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningProgram {
  readonly home: string;
  readonly outcome: Promise<Outcome>;
  /** Ends when a line on stdout begins with `ready`; the answer is all printed until then. Rejects when it ends before. */
  ready(): Promise<string>;
  kill(signal: NodeJS.Signals): Promise<Outcome>;
}

/** Starts the built program with a HOME of its own; it is killed when the test ends. */
export async function start(
  args: readonly string[],
  home?: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningProgram> {
  const ownHome = home ?? (await temporaryDirectory());
  // Whatever engine the machine has, these tests are not about it.
  const simulated = args[0] === 'up' && !args.includes('--runtime') ? ['--runtime', 'simulated'] : [];
  const child = spawn(process.execPath, [inject('program'), ...args.slice(0, 1), ...simulated, ...args.slice(1)], {
    env: { ...process.env, ...environment, HOME: ownHome },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  const outcome = new Promise<Outcome>((resolve) => child.once('close', (code) => resolve({ code, ...printed })));
  const kill = (signal: NodeJS.Signals): Promise<Outcome> => {
    child.kill(signal);
    return outcome;
  };
  onTestFinished(() => kill('SIGKILL').then(() => {}));
  return {
    home: ownHome,
    outcome,
    kill,
    ready: () =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (/^ready.*\n/m.test(printed.stdout)) resolve(printed.stdout);
        };
        child.stdout.on('data', look);
        look();
        void outcome.then((ended) => reject(new Error(`ended before it was ready: ${JSON.stringify(ended)}`)));
      }),
  };
}

/** Runs a command line to its end. */
export const run = async (...args: string[]): Promise<Outcome> => (await start(args)).outcome;

/** What a kubeconfig says. */
export interface Access {
  readonly server: string;
  readonly authority: string;
  readonly token: string;
}

export function readAccess(path: string): Access {
  const { clusters, users } = parse(readFileSync(path, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    users: [{ user: { token: string } }];
  };
  const { server, 'certificate-authority-data': data } = clusters[0].cluster;
  return { server, authority: Buffer.from(data, 'base64').toString(), token: users[0].user.token };
}

export const defaultKubeconfig = (home: string): string => join(home, '.skiff', 'kubeconfig');

/** A request as a Kubernetes client makes it: the server's certificate is checked, the token sent. */
export function call(
  access: Access,
  path: string,
  options: RequestOptions & { readonly body?: string } = {},
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${access.token}`, 'content-type': 'application/json' };
    request(`${access.server}${path}`, { ca: access.authority, headers, agent: false, ...rest }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject).on('end', () => resolve({ status: response.statusCode, body: text }));
    })
      .on('error', reject)
      .end(body);
  });
}
