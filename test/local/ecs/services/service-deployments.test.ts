import {
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { latestServiceDeployment, rollBackService } from '../../../../aws/ecs/service-deployments.ts';
import { containers } from '../../../conformance/ecs-fixture.ts';
import { emulateEcs } from '../../../support/emulation.ts';

const named = { cluster: 'skiff', service: 'web' };
const breaker = { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } };

async function started(settings: object = {}) {
  const { ecs, clients } = await emulateEcs();
  const good = await ecs.started({ desiredCount: 2, ...settings });
  const list = async () => (await clients.ecs.send(new ListServiceDeploymentsCommand(named))).serviceDeployments ?? [];
  const statuses = async () => (await list()).map(({ status }) => status);
  return { ecs, clients, good, list, statuses };
}

describe('the deployments of a service', () => {
  test('are listed newest first, with how they have ended', async () => {
    const { ecs, statuses } = await started();
    expect(await statuses()).toEqual(['SUCCESSFUL']);
    await ecs.update({ taskDefinition: await ecs.register(containers.unhealthy) });
    expect(await statuses()).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
    await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
    expect(await statuses()).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
    await ecs.update({ desiredCount: 3 });
    expect(await statuses()).toHaveLength(3);
  });

  test('end in a rollback when the circuit breaker trips', async () => {
    const { ecs, clients, statuses, list } = await started(breaker);
    await ecs.update({ taskDefinition: await ecs.register(containers.cannotBePulled) });
    await ecs.until(async () => (await statuses())[0] === 'ROLLBACK_SUCCESSFUL');
    const [latest] = await list();
    const { serviceDeployments = [] } = await clients.ecs.send(
      new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [latest?.serviceDeploymentArn ?? ''] }),
    );
    expect(serviceDeployments[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: {
        reason: expect.stringContaining('circuit breaker'),
        serviceRevisionArn: serviceDeployments[0]?.sourceServiceRevisions?.[0]?.arn,
      },
    });
  });

  test('are rolled back when that is asked for, with the old tasks untouched', async () => {
    const { ecs, clients, good, statuses } = await started();
    const before = (await ecs.tasks()).map(({ taskArn }) => taskArn);
    await ecs.update({ taskDefinition: await ecs.register(containers.crashes) });
    await ecs.pass(60);
    await rollBackService(clients, named);
    expect(await statuses()).toEqual(['ROLLBACK_REQUESTED', 'SUCCESSFUL']);
    await rollBackService(clients, named);
    await ecs.until(async () => (await statuses())[0] === 'ROLLBACK_SUCCESSFUL');
    expect(await ecs.service()).toMatchObject({ taskDefinition: good, runningCount: 2 });
    expect((await ecs.tasks()).map(({ taskArn }) => taskArn)).toEqual(before);
    expect(await latestServiceDeployment(clients, named)).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' });
  });

  test('cannot be stopped once they have ended', async () => {
    const { clients, list } = await started();
    const [latest] = await list();
    const stop = new StopServiceDeploymentCommand({ serviceDeploymentArn: latest?.serviceDeploymentArn });
    await expect(clients.ecs.send(stop)).rejects.toThrow('cannot be stopped');
    await rollBackService(clients, named);
    expect(await latestServiceDeployment(clients, named)).toMatchObject({ status: 'SUCCESSFUL' });
  });
});

describe('task protection', () => {
  const protect = (tasks: (string | undefined)[], protectionEnabled = true, expiresInMinutes = 2) =>
    new UpdateTaskProtectionCommand({
      cluster: 'skiff',
      tasks: tasks.map((task) => task ?? ''),
      protectionEnabled,
      ...(protectionEnabled ? { expiresInMinutes } : {}),
    });

  test('spares tasks when the service scales in, until it expires', async () => {
    const { ecs, clients } = await started({ desiredCount: 4 });
    const [first, second] = await ecs.tasks();
    const answer = await clients.ecs.send(protect([first?.taskArn, second?.taskArn]));
    expect(answer.protectedTasks).toHaveLength(2);
    await ecs.update({ desiredCount: 1 });
    await ecs.pass(60);
    expect(new Set((await ecs.tasks()).map(({ taskArn }) => taskArn))).toEqual(
      new Set([first?.taskArn, second?.taskArn]),
    );
    await ecs.pass(120);
    await ecs.update({ desiredCount: 1 });
    await ecs.pass(60);
    expect(await ecs.tasks()).toHaveLength(1);
  });

  test('is only for running tasks of services', async () => {
    const { ecs, clients } = await started();
    await ecs.register(containers.runs);
    const [alone] = await ecs.run({});
    const { failures = [] } = await clients.ecs.send(protect([alone?.taskArn, 'unknown']));
    expect(failures.map(({ reason }) => reason)).toEqual(['TASK_NOT_VALID', 'MISSING']);
    const eleven = Array.from({ length: 11 }, () => alone?.taskArn);
    await expect(clients.ecs.send(protect(eleven))).rejects.toThrow('between 1 and 10');
  });
});
