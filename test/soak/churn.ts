import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { randomNumbers } from '../support/random-numbers.ts';
import { ServedProgram } from '../support/served-program.ts';
import { Churn } from './churn/churn.ts';
import { allowedRise, minutes, rise, type Sample } from './churn/memory.ts';

/**
 * `npm run soak -- churn [SECONDS [SEED]]`: one Skiff with a data directory and simulated containers, and clients who make,
 * change and delete objects, watch, read logs and ask for processes. Ends with 1 when its memory goes on rising after a
 * third of the time, when it ends, or when it answers with 5xx. Ten minutes are the least that says anything.
 */
const [secondsText = '600', seedText = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const seconds = Number(secondsText);
const clients = 4;
/** Of Node's heap. With gigabytes to spare it leaves garbage where it is for long, which looks like a leak. */
const heapMegabytes = 160;
const samplesInAll = 720;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Looks at the memory now and then; says what it was in each minute. */
async function sample(server: ServedProgram, end: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const began = Date.now();
  const pause = Math.max(100, (seconds * 1000) / samplesInAll);
  let told = 0;
  while (Date.now() < end && server.isAlive && !interrupted.signal.aborted) {
    samples.push({ seconds: (Date.now() - began) / 1000, megabytes: server.memory() });
    const whole = minutes(samples).slice(told, -1);
    for (const least of whole) say(`minute ${(told += 1)}: ${least} MB`);
    await wait(pause);
  }
  return samples;
}

async function main(): Promise<string[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'skiff-churn-')));
  await promisify(execFile)(process.execPath, ['build.mjs', join(folder, 'program')]);
  const server = await ServedProgram.start(join(folder, 'program', 'skiff.js'), folder, {
    args: ['--data', join(folder, 'data')],
    node: [`--max-old-space-size=${heapMegabytes}`],
  });
  const churn = new Churn({ server, random: randomNumbers(Number(seedText)) });
  try {
    const end = Date.now() + seconds * 1000;
    const going = Array.from({ length: clients }, () => churn.go(end, interrupted.signal));
    const samples = await sample(server, end);
    await Promise.all(going);
    const risen = rise(samples);
    say([...churn.done].map(([name, count]) => `${count} x ${name}`).join(', '));
    say(
      `each minute's least: ${minutes(samples).join(' ')} MB; rise after a third of the time: ${risen.toFixed(1)} MB`,
    );
    return [
      ...new Set(churn.faults),
      ...(server.isAlive ? [] : [`it has ended: ${server.complaints.slice(-3).join('')}`]),
      ...(risen > allowedRise ? [`memory has risen by ${risen.toFixed(1)} MB, ${allowedRise} are allowed`] : []),
    ];
  } finally {
    await server.end('SIGTERM');
    await rm(folder, { recursive: true, force: true });
  }
}

say(`seed ${seedText}`);
const faults = await main();
for (const fault of faults) say(`FAULT ${fault}`);
process.exitCode = faults.length === 0 ? 0 : 1;
