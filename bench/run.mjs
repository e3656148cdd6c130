// npm run bench [-- start-up | api | engine | functions …]: measures the built program; the figures go to stdout and to bench/results, as JSON.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchApi } from './api.mjs';
import { benchEngine } from './engine.mjs';
import { benchFunctions } from './functions.mjs';
import { root } from './sources.mjs';
import { benchStartUp } from './start-up.mjs';

const benches = { 'start-up': benchStartUp, api: benchApi, engine: benchEngine, functions: benchFunctions };
const program = join(root, 'dist', 'skiff.js');

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in benches));
if (unknown !== undefined) {
  console.error(`no bench ${unknown}: there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const figures = {
  time: new Date().toISOString(),
  machine: {
    node: process.version,
    cpus: cpus().length,
    model: cpus()[0]?.model,
    memoryMiB: Math.round(totalmem() / 2 ** 20),
  },
};
for (const name of asked.length > 0 ? asked : Object.keys(benches)) figures[name] = await benches[name](program);
const text = `${JSON.stringify(figures, null, 2)}\n`;
const results = join(root, 'bench', 'results');
mkdirSync(results, { recursive: true });
writeFileSync(join(results, `${figures.time.replaceAll(':', '-')}.json`), text);
process.stdout.write(text);
