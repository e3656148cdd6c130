import { join } from 'node:path';
import { expect, test } from 'vitest';
import { up, type UpOptions } from '../../local/up.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { EngineDouble } from './containers/docker/engine-double.ts';

async function optionsFor(double: EngineDouble): Promise<UpOptions> {
  const folder = await temporaryDirectory();
  return {
    port: 0,
    kubeconfig: join(folder, 'kubeconfig'),
    data: join(folder, 'data'),
    durability: 'kernel',
    token: undefined,
    speed: 'fast',
    runtime: { choice: 'docker', environment: { DOCKER_HOST: `unix://${double.socketPath}` }, home: folder },
    apply: [],
    report: () => undefined,
  };
}

test('lets go of its data though the engine will not remove what was made', async () => {
  const double = await EngineDouble.start();
  const options = await optionsFor(double);
  const first = await up(options);
  // No list of containers.
  double.fail(/^GET \/containers\/json/, ...Array.from({ length: 100 }, () => ({ status: 200, message: 'none' })));
  await expect(first.stop()).rejects.toThrow(/expected array/);
  await double.stop();

  const other = await EngineDouble.start();
  const runtime = { ...options.runtime, environment: { DOCKER_HOST: `unix://${other.socketPath}` } };
  const second = await up({ ...options, runtime });
  await second.stop();
  await other.stop();
});
