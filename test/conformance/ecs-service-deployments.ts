import {
  DescribeServiceDeploymentsCommand,
  InvalidParameterException,
  ListServiceDeploymentsCommand,
  StopServiceDeploymentCommand,
  UpdateTaskProtectionCommand,
  type ServiceDeployment,
  type ServiceDeploymentBrief,
  type ServiceDeploymentStatus,
  type Task,
} from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { containers, type Ecs } from './ecs-fixture.ts';
import type { Case } from './ecs.ts';

const listed = async (ecs: Ecs, status?: ServiceDeploymentStatus[]): Promise<ServiceDeploymentBrief[]> => {
  const filter = status === undefined ? {} : { status };
  const command = new ListServiceDeploymentsCommand({ cluster: ecs.cluster, service: 'web', ...filter });
  return (await ecs.client.send(command)).serviceDeployments ?? [];
};

const statuses = async (ecs: Ecs) => (await listed(ecs)).map(({ status }) => status);
const untilStatus = (ecs: Ecs, status: string) => ecs.until(async () => (await statuses(ecs))[0] === status);

async function described(ecs: Ecs): Promise<ServiceDeployment> {
  const arn = (await listed(ecs))[0]?.serviceDeploymentArn ?? '';
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
  return (await ecs.client.send(command)).serviceDeployments?.[0] ?? {};
}

async function stop(ecs: Ecs): Promise<void> {
  const serviceDeploymentArn = (await listed(ecs))[0]?.serviceDeploymentArn;
  await ecs.client.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }));
}

const protect = (ecs: Ecs, tasks: readonly Task[], expiresInMinutes?: number) =>
  ecs.client.send(
    new UpdateTaskProtectionCommand({
      cluster: ecs.cluster,
      tasks: tasks.map(({ taskArn }) => taskArn ?? ''),
      protectionEnabled: true,
      ...(expiresInMinutes === undefined ? {} : { expiresInMinutes }),
    }),
  );

const arns = (tasks: readonly Task[]) =>
  tasks.map(({ taskArn = '' }) => taskArn).toSorted((a, b) => a.localeCompare(b));

export function serviceDeploymentTests(it: Case): void {
  describe('service deployments', () => {
    it('there is one for each deployment, the newest first, with how it has ended', async (ecs) => {
      await ecs.started();
      await ecs.update({ taskDefinition: await ecs.register(containers.unhealthy) });
      expect(await statuses(ecs)).toEqual(['IN_PROGRESS', 'SUCCESSFUL']);
      await ecs.update({ desiredCount: 2 });
      expect(await statuses(ecs)).toHaveLength(2);
    });
    it('one that is overtaken by another is STOPPED', async (ecs) => {
      await ecs.started();
      await ecs.update({ taskDefinition: await ecs.register(containers.unhealthy) });
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      expect(await statuses(ecs)).toEqual(['IN_PROGRESS', 'STOPPED', 'SUCCESSFUL']);
    });
    it('are found by status', async (ecs) => {
      await ecs.started();
      await ecs.update({ forceNewDeployment: true });
      expect(await listed(ecs, ['SUCCESSFUL'])).toHaveLength(1);
      expect(await listed(ecs, ['STOPPED'])).toHaveLength(0);
    });
    it('say from which revision to which they lead, and how many tasks there are', async (ecs) => {
      await ecs.started({ desiredCount: 2 });
      const { targetServiceRevision: before } = await described(ecs);
      expect(before).toMatchObject({ requestedTaskCount: 2, runningTaskCount: 2, pendingTaskCount: 0 });
      await ecs.update({ taskDefinition: await ecs.register(containers.runs) });
      const next = await described(ecs);
      expect(next.sourceServiceRevisions).toMatchObject([{ arn: before?.arn }]);
      expect(next.targetServiceRevision?.arn).not.toBe(before?.arn);
    });
    it('say what the circuit breaker has counted', async (ecs) => {
      const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
      await ecs.started({ deploymentConfiguration });
      await ecs.update({ taskDefinition: await ecs.register(containers.cannotBePulled) });
      expect((await described(ecs)).deploymentCircuitBreaker).toMatchObject({ status: 'MONITORING', threshold: 3 });
      await untilStatus(ecs, 'ROLLBACK_SUCCESSFUL');
      const { deploymentCircuitBreaker, rollback, sourceServiceRevisions } = await described(ecs);
      expect(deploymentCircuitBreaker).toMatchObject({ status: 'TRIGGERED' });
      expect(rollback?.serviceRevisionArn).toBe(sourceServiceRevisions?.[0]?.arn);
    });
    it('without a circuit breaker it is DISABLED', async (ecs) => {
      await ecs.started();
      expect((await described(ecs)).deploymentCircuitBreaker).toMatchObject({ status: 'DISABLED' });
    });
    it('can be rolled back without a circuit breaker, and leave the old tasks alone', async (ecs) => {
      const good = await ecs.started({ desiredCount: 2 });
      const before = arns(await ecs.tasks());
      await ecs.update({ taskDefinition: await ecs.register(containers.unhealthy) });
      await ecs.pass(20);
      await stop(ecs);
      await untilStatus(ecs, 'ROLLBACK_SUCCESSFUL');
      expect(await ecs.service()).toMatchObject({ taskDefinition: good });
      await ecs.untilCompleted();
      expect(arns(await ecs.tasks())).toEqual(before);
    });
    it('refuses to stop one that has ended', async (ecs) => {
      await ecs.started();
      await expect(stop(ecs)).rejects.toThrow(/stopped/);
      expect(await statuses(ecs)).toEqual(['SUCCESSFUL']);
    });
    it('refuses to describe more than 20 at once', async (ecs) => {
      await ecs.started();
      const arn = (await listed(ecs))[0]?.serviceDeploymentArn ?? '';
      const serviceDeploymentArns = Array.from({ length: 21 }, () => arn);
      const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns });
      await expect(ecs.client.send(command)).rejects.toBeInstanceOf(InvalidParameterException);
    });
  });

  describe('task protection', () => {
    it('says which tasks of a service are stopped last when it scales in', async (ecs) => {
      await ecs.started({ desiredCount: 3 });
      const [, , spared] = await ecs.tasks();
      await protect(ecs, [spared ?? {}]);
      await ecs.update({ desiredCount: 1 });
      await ecs.until(async () => (await ecs.tasks()).length === 1);
      expect(arns(await ecs.tasks())).toEqual(arns([spared ?? {}]));
    });
    it('lasts two hours unless it says otherwise', async (ecs) => {
      await ecs.started();
      const [task = {}] = await ecs.tasks();
      const ends = async (minutes?: number) =>
        (await protect(ecs, [task], minutes)).protectedTasks?.[0]?.expirationDate?.getTime() ?? 0;
      expect(Math.round(((await ends()) - (await ends(60))) / 60_000)).toBe(60);
    });
    it('refuses more than ten tasks, and less than a minute or more than 2880', async (ecs) => {
      await ecs.started();
      const [task = {}] = await ecs.tasks();
      const eleven = Array.from({ length: 11 }, () => task);
      for (const call of [() => protect(ecs, eleven), () => protect(ecs, [task], 0), () => protect(ecs, [task], 2881)])
        await expect(call()).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('is only for tasks of services', async (ecs) => {
      await ecs.register(containers.runs);
      const [task = {}] = await ecs.run({});
      const { failures = [] } = await protect(ecs, [task]);
      expect(failures).toMatchObject([{ arn: task.taskArn, reason: 'TASK_NOT_VALID' }]);
    });
  });
}
