import { homedir } from 'node:os';
import { parseOptions } from '../arguments.ts';

/** Removes from the container engine what Skiff has made there, and nothing else. */
export async function run(args: readonly string[]): Promise<number> {
  const { data } = parseOptions(args, { data: { type: 'string' } });
  const { down } = await import('../../local/down.ts');
  const count = await down({ environment: process.env, home: homedir(), dataDirectory: data });
  console.log(`removed ${count} ${count === 1 ? 'container, volume or network' : 'containers, volumes and networks'}`);
  return 0;
}
