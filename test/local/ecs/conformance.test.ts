import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { expect, onTestFinished, test } from 'vitest';
import { containers } from '../../conformance/ecs-fixture.ts';
import { ecsConformance } from '../../conformance/ecs.ts';
import type { Faults } from '../../../local/faults.ts';
import { KeptEcsEntries } from '../../support/kept-entries.ts';
import { emulateEcs } from '../../support/emulation.ts';

async function emulate(options: Parameters<typeof emulateEcs>[0]) {
  const emulated = await emulateEcs(options);
  onTestFinished(() => emulated.emulation.stop());
  return emulated;
}

ecsConformance('the emulated ECS', async () => (await emulate({ persistence: new KeptEcsEntries() })).ecs.under);

/** Reads that are late, calls limited as by ECS, and every third one refused at first all the same. */
function weather(): Faults {
  let calls = 0;
  const refuses = (): boolean => (calls += 1) % 3 === 0;
  return {
    staleMilliseconds: 1000,
    limitCalls: true,
    call: ({ attempt }) => (attempt === 1 && refuses() ? 'throttle' : undefined),
  };
}

ecsConformance(
  'the emulated ECS with late reads and throttling',
  async () => (await emulate({ faults: weather() })).ecs.under,
);

test('with late reads a task that was started a moment ago is missing in what is listed and described', async () => {
  const { clients, clock, ecs } = await emulate({ faults: { staleMilliseconds: 1000 } });
  await ecs.register(containers.runs);
  await ecs.pass(1);
  const [task] = await ecs.run({});
  const look = async () => ({
    described: await clients.ecs.send(new DescribeTasksCommand({ cluster: 'skiff', tasks: [task?.taskArn ?? ''] })),
    listed: await clients.ecs.send(new ListTasksCommand({ cluster: 'skiff' })),
  });
  expect(await look()).toMatchObject({
    described: { tasks: [], failures: [{ reason: 'MISSING' }] },
    listed: { taskArns: [] },
  });
  await clock.advance(1000);
  expect(await look()).toMatchObject({ described: { failures: [] }, listed: { taskArns: [task?.taskArn] } });
});
