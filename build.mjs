// Bundles the program into dist/, or the folder named. Installing a clone runs this, so that `npm start` needs no further step.
import { build } from 'esbuild';
import { chmod, rm, symlink } from 'node:fs/promises';
import { settings } from './build-settings.mjs';

const outdir = process.argv[2] ?? 'dist';
await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: { skiff: 'cli/skiff.ts', 'kubectl-rolling-update': 'cli/kubectl-rolling-update.ts' },
  outdir,
  ...settings,
  splitting: true,
  sourcemap: true,
});
for (const program of ['skiff', 'kubectl-rolling-update']) await chmod(`${outdir}/${program}.js`, 0o755);
// kubectl looks for a plugin under this very name on PATH.
await symlink('kubectl-rolling-update.js', `${outdir}/kubectl-rolling_update`);
