#!/usr/bin/env node
import { errorMessage } from '../kubernetes/error-message.ts';
import { Kubectl } from './rolling-update/kubectl.ts';
import { parseRollingUpdate, usage } from './rolling-update/options.ts';
import { rollingUpdateOf } from './rolling-update/update.ts';
import { UsageError } from './usage-error.ts';

/** `kubectl rolling-update`, which kubectl finds as a plugin. The exit code is 1 when the end was not seen, 2 for a wrong command line. */
async function main(args: readonly string[]): Promise<number> {
  try {
    if (args.length === 0 || args.includes('--help') || args.includes('-h')) {
      console.log(usage);
      return 0;
    }
    const options = parseRollingUpdate(args);
    const outcome = await rollingUpdateOf(new Kubectl(options.kubectl), options, (line) => console.log(line));
    if (outcome === 'done') return 0;
    console.error('error: timed out waiting for any update progress to be made; it goes on in the cluster');
    return 1;
  } catch (error) {
    console.error(`error: ${errorMessage(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

// 128 and the number of the signal, as shells have it.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
process.exitCode = await main(process.argv.slice(2));
