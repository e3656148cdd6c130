// Bundles the program into dist/. Installing a clone runs this, so that `npm start` needs no further step.
import { build } from 'esbuild';
import { chmod, rm } from 'node:fs/promises';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: { skiff: 'cli/skiff.ts' },
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  splitting: true,
  mainFields: ['module', 'main'],
  sourcemap: true,
  legalComments: 'none',
  banner: {
    // CommonJS packages inside an ESM bundle still call require for Node's own modules.
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
  },
});
await chmod('dist/skiff.js', 0o755);
