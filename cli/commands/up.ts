import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { maximumLogCharacters } from '../../kubernetes/limits.ts';
import { cut } from '../../kubernetes/shown-value.ts';
import type { UpOptions } from '../../local/up.ts';
import { oneOf, parseOptions } from '../arguments.ts';
import { UsageError } from '../usage-error.ts';

const runtimes = ['auto', 'docker', 'simulated'] as const;
const speeds = ['fast', 'real'] as const;
const durabilities = ['kernel', 'disk'] as const;

/** Runs until SIGINT or SIGTERM. */
export async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const interrupted = new Promise<void>((resolve) => {
    // A second one ends the process at once, should the clean end hang.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const { up } = await import('../../local/up.ts');
  const skiff = await up(options);
  for (const { source, message } of skiff.refused) console.error(`skiff: ${source}: ${message}`);
  console.log(readyText(skiff));
  await interrupted;
  await skiff.stop();
  return 0;
}

function readOptions(args: readonly string[]): UpOptions {
  const values = parseOptions(args, {
    port: { type: 'string', default: '8001' },
    kubeconfig: { type: 'string', default: join(homedir(), '.skiff', 'kubeconfig') },
    data: { type: 'string' },
    durability: { type: 'string', default: 'kernel' },
    'skip-damaged': { type: 'boolean', default: false },
    runtime: { type: 'string', default: 'auto' },
    token: { type: 'string' },
    'token-file': { type: 'string' },
    speed: { type: 'string', default: 'fast' },
    apply: { type: 'string', multiple: true, default: [] },
  });
  return {
    port: portNumber(values.port),
    kubeconfig: path('--kubeconfig', values.kubeconfig),
    data: values.data === undefined ? undefined : path('--data', values.data),
    durability: oneOf('--durability', values.durability, durabilities),
    skipDamaged: values['skip-damaged'],
    token: tokenOf({ given: values.token, file: values['token-file'], environment: process.env['SKIFF_TOKEN'] }),
    speed: oneOf('--speed', values.speed, speeds),
    runtime: {
      choice: oneOf('--runtime', values.runtime, runtimes),
      environment: process.env,
      home: homedir(),
    },
    apply: values.apply.map((each) => path('--apply', each)),
    report: (error) =>
      console.error('skiff:', cut(typeof error === 'string' ? error : inspect(error), maximumLogCharacters)),
  };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port is a number from 0 to 65535, not ${JSON.stringify(text)}`);
  }
  return port;
}

function path(option: string, text: string): string {
  if (text === '') throw new UsageError(`${option} is empty`);
  return text;
}

interface TokenSources {
  readonly given: string | undefined;
  readonly file: string | undefined;
  readonly environment: string | undefined;
}

/** The token of the command line comes first, that of the environment last. */
function tokenOf({ given, file, environment }: TokenSources): string | undefined {
  if (given !== undefined && file !== undefined) throw new UsageError('--token and --token-file exclude each other');
  if (given !== undefined) return bearerToken('--token', given);
  if (file !== undefined) return bearerToken(`--token-file ${file}`, readFileSync(file, 'utf8').trim());
  return environment ? bearerToken('SKIFF_TOKEN', environment) : undefined;
}

function bearerToken(source: string, text: string): string {
  // RFC 6750: what a client can send after `Bearer`.
  if (!/^[\w~+/.-]+=*$/.test(text)) throw new UsageError(`${source} holds letters, digits and any of -._~+/ only`);
  return text;
}

function readyText(skiff: { readonly url: string; readonly kubeconfig: string; readonly containers: string }): string {
  return `ready ${skiff.url} (plain HTTP too), kubeconfig ${skiff.kubeconfig}
  export KUBECONFIG=${shellWord(skiff.kubeconfig)}
  ${skiff.containers}
  Ctrl-C ends it.`;
}

const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
