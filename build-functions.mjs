// Bundles the functions of the cloud into dist/functions/, or the folder named: one ESM file each, with all that it needs.
import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { settings } from './build-settings.mjs';

/** zod's error messages in forty languages, of which the English ones are imported by themselves: a quarter of a megabyte. */
const withoutLocales = {
  name: 'without-locales',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({ contents: 'export {};' })),
};

const handlerOf = (name) => `functions/${name}/handler.ts`;

/** The functions of the cloud: the folders of functions/ with a handler. */
export const functionNames = () => readdirSync('functions').filter((name) => existsSync(handlerOf(name)));

/** Bundles entry points, by the names of their functions. Answers what esbuild says of it. */
export const bundleFunctions = (entryPoints, outdir) =>
  build({
    entryPoints,
    outdir,
    outExtension: { '.js': '.mjs' },
    ...settings,
    minify: true,
    metafile: true,
    plugins: [withoutLocales],
  });

async function main() {
  const outdir = process.argv[2] ?? 'dist/functions';
  await rm(outdir, { recursive: true, force: true });
  const entryPoints = functionNames().map((name) => [name, handlerOf(name)]);
  const { metafile } = await bundleFunctions(Object.fromEntries(entryPoints), outdir);
  for (const [file, { bytes }] of Object.entries(metafile.outputs))
    console.log(`${file} ${Math.round(bytes / 1024)} KB`);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
