// From the start of the process to its `ready` line, beside a process of Node that does nothing but print one.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from './bare-server.mjs';
import { interleaved, ratio, rounded } from './medians.mjs';

async function bareNode() {
  const began = performance.now();
  const child = spawn(process.execPath, ['-e', 'console.log("ready")'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await new Promise((resolve) => child.stdout.once('data', () => resolve(performance.now())));
  await new Promise((resolve) => child.once('close', resolve));
  return printed - began;
}

/** From the start of `skiff up` to its `ready` line; it ends again. */
export async function skiffUp(program, environment, more = []) {
  const began = performance.now();
  const kubeconfig = join(environment.HOME, 'kubeconfig');
  const skiff = await startServer([program, 'up', '--port', '0', '--kubeconfig', kubeconfig, ...more], environment);
  const ready = performance.now() - began;
  await skiff.stop();
  return ready;
}

/** The whole measurement, as plain data. The first, cold, start is told apart. */
export async function benchStartUp(program, { runs = 10 } = {}) {
  const home = mkdtempSync(join(tmpdir(), 'skiff-bench-'));
  try {
    const environment = { HOME: home };
    const firstMilliseconds = rounded(await skiffUp(program, environment));
    const measured = await interleaved(runs, {
      node: bareNode,
      up: () => skiffUp(program, environment),
      withData: () => skiffUp(program, environment, ['--data', join(home, 'data')]),
    });
    return { firstMilliseconds, ...measured, ratio: ratio(measured.up, measured.node) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
