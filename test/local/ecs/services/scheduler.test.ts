import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { containers } from '../../../conformance/ecs-fixture.ts';
import { emulateEcs } from '../../../support/emulation.ts';

test('a service at which the scheduler fails is reported and looked at again', async () => {
  let broken = false;
  const random = (): number => {
    if (broken) throw new Error('no task can be made');
    return 0.5;
  };
  const { clients, ecs, reports } = await emulateEcs({ random });
  await ecs.started({ desiredCount: 1 }, containers.runs);
  const [task] = await ecs.tasks();
  broken = true;
  await clients.ecs.send(new StopTaskCommand({ cluster: 'skiff', task: task?.taskArn ?? '' }));
  await ecs.pass(120);
  const failed = reports.length;
  expect(failed).toBeGreaterThan(0);
  // Not at each look that anything asks for.
  expect(failed).toBeLessThan(20);
  broken = false;
  await ecs.until(async () => (await ecs.tasks()).some(({ lastStatus }) => lastStatus === 'RUNNING'));
  expect(reports).toHaveLength(failed);
});
