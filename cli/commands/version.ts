import packageFile from '../../package.json' with { type: 'json' };
import { noArguments } from '../arguments.ts';

export async function run(args: readonly string[]): Promise<number> {
  noArguments(args);
  console.log(`skiff ${packageFile.version}`);
  return 0;
}
