import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

export interface Bundles {
  /** The bundle of runtime.ts. */
  readonly runtime: string;
  /** The bundle of a function: `api`. */
  of(name: string): string;
  remove(): Promise<void>;
}

/** Bundles the functions from the sources as they are now, and what the host runs beside them. */
export async function buildBundles(): Promise<Bundles> {
  const folder = await mkdtemp(join(tmpdir(), 'skiff-functions-'));
  const runtime = join(folder, 'runtime.mjs');
  await promisify(execFile)(process.execPath, ['build-functions.mjs', join(folder, 'functions')]);
  await build({
    entryPoints: ['test/support/lambda-host/runtime.ts'],
    outfile: runtime,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
  });
  return {
    runtime,
    of: (name) => join(folder, 'functions', `${name}.mjs`),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
