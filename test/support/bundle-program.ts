import { build } from 'esbuild';
import { join } from 'node:path';
import { temporaryDirectory } from './temporary-directory.ts';

/** Makes a file that Node can run of a TypeScript program; it goes when the test ends. */
export async function bundleProgram(source: string): Promise<string> {
  const outfile = join(await temporaryDirectory(), 'program.mjs');
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['vitest'],
  });
  return outfile;
}
