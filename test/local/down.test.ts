import { expect, test } from 'vitest';
import { down } from '../../local/down.ts';
import { EngineDouble } from './containers/docker/engine-double.ts';

async function engineWithTask() {
  const double = await EngineDouble.start();
  const engine = double.engine();
  const Labels = { 'dev.skiff.installation': 'other', 'dev.skiff.task': 'task1' };
  for (const name of ['a', 'b'])
    await engine.call('POST', '/containers/create', {
      query: { name: `skiff-other-task1-${name}-0` },
      body: { Labels: { ...Labels, 'dev.skiff.container': name, 'dev.skiff.attempt': '0' } },
    });
  await engine.call('POST', '/volumes/create', { body: { Name: 'v', Labels } });
  await engine.call('POST', '/networks/create', { body: { Name: 'n', Labels } });
  const options = { environment: { DOCKER_HOST: `unix://${double.socketPath}` }, home: '/', dataDirectory: undefined };
  return { double, down: () => down(options) };
}

test('removes all that is there, and says how much', async () => {
  const { double, down: go } = await engineWithTask();
  expect(await go()).toBe(4);
  expect(await go()).toBe(0);
  await double.stop();
});

test('succeeds when another process removes the same things at the same time', async () => {
  const { double, down: go } = await engineWithTask();
  double.fail(/^GET \/containers\/json/, { status: 500, message: 'no such container' });
  double.fail(/^DELETE \/containers/, { status: 409, message: 'removal of container is already in progress' });
  double.fail(/^DELETE \/networks/, { status: 500, message: 'network is being used' });
  let removed = false;
  double.before = (request) => {
    if (!request.startsWith('DELETE /containers') || removed) return;
    removed = true;
    double.containers.clear();
  };
  await Promise.all([go(), go()]);
  expect([double.containers.size, double.volumes.size, double.networks.size]).toEqual([0, 0, 0]);
  await double.stop();
});
