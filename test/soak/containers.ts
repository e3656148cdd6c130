import { execFile } from 'node:child_process';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { images, podmanPath, PodmanService } from '../containers/support/podman.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import { Chaos } from './containers/chaos.ts';
import { differences } from './containers/desired-state.ts';
import { engineState } from './containers/engine-state.ts';
import { SkiffProcess } from './containers/skiff-process.ts';

/**
 * `npm run soak -- containers [SECONDS [SEED]]`: an installation on Podman, whose containers, engine and process are
 * killed at random while somebody changes what is wanted. In the end, all must be as it is wanted, and nothing more.
 * Ends with 1 when it is not. The seed chooses what is done; what it meets depends on the machine.
 */
const [seconds = '300', seedText = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const settleSeconds = 150;
const started = Date.now();
/** Whoever has had enough: what was started is ended all the same. */
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort());
const say = (text: string): void => {
  process.stdout.write(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} ${text}\n`);
};

async function main(podman: string): Promise<string[]> {
  const run = promisify(execFile);
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'skiff-soak-')));
  await run('test/containers/images.sh');
  await run(process.execPath, ['build.mjs', join(folder, 'program')]);
  const service = await PodmanService.start(podman);
  const skiff = new SkiffProcess({
    program: join(folder, 'program', 'skiff.js'),
    folder,
    environment: { DOCKER_HOST: service.url, SKIFF_TOOLBOX_IMAGE: images.busybox },
  });
  try {
    await skiff.start();
    const faults = await soak(skiff, service);
    return faults;
  } finally {
    await skiff.end('SIGTERM');
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function soak(skiff: SkiffProcess, service: PodmanService): Promise<string[]> {
  const chaos = new Chaos({ skiff, service, random: randomNumbers(Number(seedText)), say });
  await chaos.begin();
  const files = await readdir(skiff.data);
  await chaos.rage(Date.now() + Number(seconds) * 1000, interrupted.signal);
  say([...chaos.done].map(([name, count]) => `${count} x ${name}`).join(', '));
  const faults = await settled(() => differences(skiff, service, chaos.wanted));
  if (faults.length > 0) process.stdout.write(await circumstances(skiff, service));
  const code = await skiff.end('SIGTERM');
  const unclean = code === 0 ? [] : [`Skiff ended with ${code}: ${skiff.complaints.slice(-3).join('\n')}`];
  return [...faults, ...unclean, ...(await leftovers(skiff, service, files))];
}

/** What helps to find out why. */
async function circumstances(skiff: SkiffProcess, service: PodmanService): Promise<string> {
  const said = skiff.complaints.join('\n');
  const objects = await skiff.kubectl(['get', 'deployments,replicasets,pods,events']);
  return `${said}\n${objects}\n${await service.podman('ps', '-a', '--filter', 'label=dev.skiff.data')}\n`;
}

/** Waits until there are no faults; answers those that are left when that takes too long. */
async function settled(look: () => Promise<string[]>): Promise<string[]> {
  const began = Date.now();
  for (;;) {
    const faults = await look();
    const passed = (Date.now() - began) / 1000;
    if (faults.length === 0) say(`all is as it is wanted after ${passed.toFixed(1)} s`);
    if (interrupted.signal.aborted) return ['interrupted', ...faults];
    if (faults.length === 0 || passed > settleSeconds) return faults;
    await wait(500);
  }
}

/** What is there after a clean end, and should not. */
async function leftovers(skiff: SkiffProcess, service: PodmanService, files: readonly string[]): Promise<string[]> {
  const { containers, networks, volumes } = await engineState(service, skiff.data);
  const left = [...containers.map(({ name }) => name), ...networks, ...volumes];
  const strays = (await readdir(skiff.data)).filter((name) => !files.includes(name));
  return [...left, ...strays].map((name) => `${name} is left behind`);
}

if (podmanPath === undefined) {
  process.stderr.write('\n*** NO PODMAN ON PATH: the soak of containers was LEFT OUT ***\n\n');
} else {
  process.stdout.write(`seed ${seedText}\n`);
  const faults = await main(podmanPath);
  for (const fault of faults) process.stdout.write(`FAULT ${fault}\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
