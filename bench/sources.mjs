// Parts of the tests, which are TypeScript, for the benches, which are not.
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Imports TypeScript sources, named by their paths in the checkout; answers all that they export. */
export async function importSources(...paths) {
  // Beside node_modules, which they need.
  const folder = await mkdtemp(join(root, 'node_modules', '.bench-'));
  try {
    await build({
      entryPoints: paths.map((path) => join(root, path)),
      outdir: folder,
      entryNames: '[name]',
      bundle: true,
      splitting: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const modules = await Promise.all(
      paths.map((path) => import(pathToFileURL(join(folder, basename(path).replace(/ts$/, 'js'))).href)),
    );
    return Object.assign({}, ...modules);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
