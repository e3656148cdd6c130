#!/usr/bin/env node
import { errorMessage } from '../kubernetes/error-message.ts';
import { UsageError } from './usage-error.ts';

interface Command {
  run(args: readonly string[]): Promise<number>;
}

/** Loaded when called: what a command does not need, it does not wait for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  up: () => import('./commands/up.ts'),
  down: () => import('./commands/down.ts'),
  plan: () => import('./commands/plan.ts'),
  version: () => import('./commands/version.ts'),
  help: () => import('./commands/help.ts'),
};

const aliases: Readonly<Record<string, string>> = { '--help': 'help', '-h': 'help', '--version': 'version' };

/** Runs a command line; the answer is the exit code: 2 when it was not understood, 1 when it could not be done. */
async function main([word = 'help', ...args]: readonly string[]): Promise<number> {
  const name = aliases[word] ?? word;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  try {
    if (load === undefined) throw new UsageError(`unknown command ${JSON.stringify(word)}`);
    return await (await load()).run(args);
  } catch (error) {
    console.error(`skiff: ${errorMessage(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error('Run `skiff help` for what there is.');
    return 2;
  }
}

// The SDK warns of old versions of Node at its first client, whatever the program: that is for us to care about.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
// Who reads our output may leave, as `head` does: no reason to fall over.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
