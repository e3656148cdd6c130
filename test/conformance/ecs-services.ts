import {
  ClientException,
  InvalidParameterException,
  ListServicesCommand,
  ServiceNotActiveException,
  ServiceNotFoundException,
  waitUntilServicesStable,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { describe, expect } from 'vitest';
import { containers, type Ecs } from './ecs-fixture.ts';
import type { Case } from './ecs.ts';

const listed = async (ecs: Ecs) =>
  (await ecs.client.send(new ListServicesCommand({ cluster: ecs.cluster }))).serviceArns ?? [];

const byName = (names: readonly string[]) => names.toSorted((a, b) => a.localeCompare(b));
const zones = async (ecs: Ecs) => byName((await ecs.tasks()).map(({ availabilityZone = '' }) => availabilityZone));

export function serviceTests(it: Case): void {
  describe('what begins another deployment', () => {
    const deploys = (what: string, change: (ecs: Ecs) => Promise<Partial<UpdateServiceCommandInput>>): void =>
      it(`${what} does`, async (ecs) => {
        await ecs.started();
        const { id } = await ecs.primary();
        await ecs.update(await change(ecs));
        expect((await ecs.primary()).id).not.toBe(id);
      });
    const keeps = (what: string, change: (ecs: Ecs) => Promise<Partial<UpdateServiceCommandInput>>): void =>
      it(`${what} does not`, async (ecs) => {
        await ecs.started();
        const { id } = await ecs.primary();
        const [before] = await ecs.tasks();
        await ecs.update(await change(ecs));
        await ecs.pass(60);
        expect((await ecs.service()).deployments?.map((each) => each.id)).toEqual([id]);
        expect((await ecs.tasks()).map(({ taskArn }) => taskArn)).toContain(before?.taskArn);
      });
    const change = (input: Partial<UpdateServiceCommandInput>) => () => Promise.resolve(input);

    deploys('another task definition', async (ecs) => ({ taskDefinition: await ecs.register(containers.runs) }));
    deploys('another network configuration', (ecs) => {
      const [subnet = ''] = ecs.under.network.awsvpcConfiguration?.subnets ?? [];
      return Promise.resolve({ networkConfiguration: { awsvpcConfiguration: { subnets: [subnet] } } });
    });
    deploys('forceNewDeployment', change({ forceNewDeployment: true }));
    const spot = { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] };
    deploys('another capacity provider with forceNewDeployment', change({ ...spot, forceNewDeployment: true }));
    keeps('another capacity provider alone', change(spot));
    keeps('the same platform version', change({ platformVersion: '1.4.0' }));
    keeps('the same task definition', async (ecs) => ({ taskDefinition: (await ecs.service()).taskDefinition }));
    keeps('the same network configuration', (ecs) => Promise.resolve({ networkConfiguration: ecs.under.network }));
    keeps('the desired count', change({ desiredCount: 2 }));
    keeps('the deployment configuration', change({ deploymentConfiguration: { maximumPercent: 150 } }));
    keeps('availabilityZoneRebalancing', change({ availabilityZoneRebalancing: 'DISABLED' }));
    keeps('healthCheckGracePeriodSeconds', change({ healthCheckGracePeriodSeconds: 30 }));
    keeps('enableExecuteCommand', change({ enableExecuteCommand: true }));
    keeps('enableECSManagedTags', change({ enableECSManagedTags: true }));
    keeps('propagateTags', change({ propagateTags: 'SERVICE' }));

    it('exec and tags apply to tasks that start later', async (ecs) => {
      await ecs.started({ tags: [{ key: 'team', value: 'shop' }] });
      await ecs.update({ propagateTags: 'SERVICE', enableExecuteCommand: true, desiredCount: 2 });
      await ecs.until(async () => (await ecs.service()).runningCount === 2);
      expect(await ecs.tasks()).toMatchObject([
        { enableExecuteCommand: false, tags: [] },
        { enableExecuteCommand: true, tags: [{ key: 'team', value: 'shop' }] },
      ]);
    });
  });

  describe('scaling', () => {
    it('starts tasks up to the desired count, spread over the zones', async (ecs) => {
      await ecs.started({ desiredCount: 2 * ecs.under.zones.length });
      expect(await zones(ecs)).toEqual(byName([...ecs.under.zones, ...ecs.under.zones]));
    });
    it('stops tasks down to the desired count, from the fullest zones', async (ecs) => {
      await ecs.started({ desiredCount: 2 * ecs.under.zones.length });
      await ecs.update({ desiredCount: ecs.under.zones.length });
      await ecs.until(async () => (await ecs.service()).runningCount === ecs.under.zones.length);
      expect(await zones(ecs)).toEqual(byName(ecs.under.zones));
      const [stopped] = await ecs.tasks('STOPPED');
      expect(stopped).toMatchObject({
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: `Scaling activity initiated by (deployment ${(await ecs.primary()).id})`,
      });
    });
    it('a task that ends is replaced, and the steady state is told of again', async (ecs) => {
      await ecs.started();
      const [task] = await ecs.tasks();
      await ecs.stop(task);
      await ecs.pass(90);
      expect(await ecs.tasks()).toHaveLength(1);
      expect((await ecs.messages()).filter((message) => message.endsWith('has reached a steady state.'))).toHaveLength(
        2,
      );
      expect(await ecs.primary()).toMatchObject({ rolloutState: 'COMPLETED' });
    });
    it('the ServicesStable waiter ends when there is one deployment with all its tasks running', async (ecs) => {
      await ecs.started();
      const result = await waitUntilServicesStable(
        { client: ecs.client, maxWaitTime: 20 },
        { cluster: ecs.cluster, services: ['web'] },
      );
      expect(result.state).toBe('SUCCESS');
    });
  });

  describe('settings', () => {
    it('zone rebalancing is on unless the service says otherwise', async (ecs) => {
      await ecs.started({ desiredCount: 0 });
      expect((await ecs.service()).availabilityZoneRebalancing).toBe('ENABLED');
    });
    it('an update that does not name zone rebalancing keeps it', async (ecs) => {
      await ecs.started({ desiredCount: 0, availabilityZoneRebalancing: 'DISABLED' });
      await ecs.update({ healthCheckGracePeriodSeconds: 10 });
      expect((await ecs.service()).availabilityZoneRebalancing).toBe('DISABLED');
    });
    it('refuses a grace period that is negative or longer than 2,147,483,647 seconds', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      for (const healthCheckGracePeriodSeconds of [-1, 2_147_483_648])
        await expect(ecs.create({ taskDefinition, healthCheckGracePeriodSeconds })).rejects.toBeInstanceOf(
          InvalidParameterException,
        );
    });
    it('refuses DAEMON, which Fargate does not have', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      const created = ecs.create({ taskDefinition, schedulingStrategy: 'DAEMON', desiredCount: undefined });
      await expect(created).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('refuses a task definition that is not there', async (ecs) => {
      const created = ecs.create({ taskDefinition: 'none:1' });
      await expect(created).rejects.toBeInstanceOf(ClientException);
    });
    it('refuses zone rebalancing with a maximum of 100 percent', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      const deploymentConfiguration = { minimumHealthyPercent: 0, maximumPercent: 100 };
      const created = ecs.create({ taskDefinition, deploymentConfiguration, availabilityZoneRebalancing: 'ENABLED' });
      await expect(created).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('managed tags name the cluster and the service', async (ecs) => {
      await ecs.started({ enableECSManagedTags: true, propagateTags: 'SERVICE' });
      expect((await ecs.tasks())[0]?.tags).toEqual(
        expect.arrayContaining([
          { key: 'aws:ecs:clusterName', value: ecs.cluster },
          { key: 'aws:ecs:serviceName', value: 'web' },
        ]),
      );
    });
    it('refuses a task definition that was deregistered', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      await ecs.deregister(taskDefinition);
      await expect(ecs.create({ taskDefinition })).rejects.toThrow('TaskDefinition is inactive');
    });
    it('goes on with a task definition that is deregistered later, and even scales', async (ecs) => {
      await ecs.deregister(await ecs.started());
      await ecs.update({ desiredCount: 2 });
      await ecs.until(async () => (await ecs.service()).runningCount === 2);
    });
  });

  describe('names and deletion', () => {
    const untilStatus = (ecs: Ecs, status: string) => ecs.until(async () => (await ecs.service()).status === status);

    it('the same call with the same client token makes one service', async (ecs) => {
      const input = { taskDefinition: await ecs.register(containers.runs), clientToken: 'token-1' };
      const first = await ecs.create(input);
      expect((await ecs.create(input)).createdAt).toEqual(first.createdAt);
      expect(await listed(ecs)).toHaveLength(1);
    });
    it('refuses a client token of more than 36 characters, or with others than printable ones', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      for (const clientToken of ['x'.repeat(37), 'with blank', 'ünprintable'])
        await expect(ecs.create({ taskDefinition, clientToken })).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('an update is no safer by being repeated: forceNewDeployment deploys each time', async (ecs) => {
      await ecs.started();
      const first = await ecs.update({ forceNewDeployment: true });
      const second = await ecs.update({ forceNewDeployment: true });
      expect(second.deployments?.[0]?.id).not.toBe(first.deployments?.[0]?.id);
    });
    it('refuses the name of an ACTIVE service', async (ecs) => {
      const taskDefinition = await ecs.started();
      const again = ecs.create({ taskDefinition, desiredCount: 3 });
      await expect(again).rejects.toThrow('Creation of service was not idempotent.');
      await expect(again).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('refuses to delete a service that is scaled above 0', async (ecs) => {
      await ecs.started();
      await expect(ecs.remove()).rejects.toBeInstanceOf(InvalidParameterException);
      expect(await ecs.service()).toMatchObject({ status: 'ACTIVE', desiredCount: 1 });
    });
    it('deletes a service that is scaled to 0', async (ecs) => {
      await ecs.started();
      await ecs.update({ desiredCount: 0 });
      expect(await ecs.remove()).toMatchObject({ status: 'DRAINING' });
      await untilStatus(ecs, 'INACTIVE');
    });
    it('force stops the tasks: DRAINING, then INACTIVE', async (ecs) => {
      await ecs.started({ desiredCount: 2 });
      expect(await ecs.remove(true)).toMatchObject({ status: 'DRAINING', desiredCount: 0 });
      await untilStatus(ecs, 'INACTIVE');
      await ecs.until(async () => (await ecs.tasks('STOPPED')).every(({ lastStatus }) => lastStatus === 'STOPPED'));
      expect(await ecs.tasks()).toHaveLength(0);
    });
    it('refuses the name of a DRAINING service and takes that of an INACTIVE one', async (ecs) => {
      const taskDefinition = await ecs.started();
      await ecs.remove(true);
      await expect(ecs.create({ taskDefinition })).rejects.toBeInstanceOf(InvalidParameterException);
      await untilStatus(ecs, 'INACTIVE');
      expect(await ecs.create({ taskDefinition })).toMatchObject({ status: 'ACTIVE' });
      await ecs.untilCompleted();
    });
    it('a deleted service is not listed, but can be described', async (ecs) => {
      await ecs.started();
      expect(await listed(ecs)).toHaveLength(1);
      await ecs.remove(true);
      expect(await listed(ecs)).toHaveLength(0);
      await untilStatus(ecs, 'INACTIVE');
      expect(await ecs.service()).toMatchObject({ serviceName: 'web', status: 'INACTIVE' });
    });
    it('refuses to update a service that is not ACTIVE', async (ecs) => {
      await ecs.started();
      await ecs.remove(true);
      await expect(ecs.update({ desiredCount: 1 })).rejects.toBeInstanceOf(ServiceNotActiveException);
    });
    it('refuses to update or delete a service that is not there', async (ecs) => {
      await expect(ecs.update({ desiredCount: 1 })).rejects.toBeInstanceOf(ServiceNotFoundException);
      await expect(ecs.remove()).rejects.toBeInstanceOf(ServiceNotFoundException);
    });
    it('ListServices gives up to a hundred a page when asked', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      for (let index = 0; index < 12; index += 1)
        await ecs.create({ taskDefinition, serviceName: `web-${index}`, desiredCount: 0 });
      const list = (maxResults: number) =>
        ecs.client.send(new ListServicesCommand({ cluster: ecs.cluster, maxResults }));
      expect((await list(100)).serviceArns).toHaveLength(12);
      await expect(list(101)).rejects.toBeInstanceOf(InvalidParameterException);
    });
    it('ListServices gives ten a page', async (ecs) => {
      const taskDefinition = await ecs.register(containers.runs);
      for (let index = 0; index < 12; index += 1)
        await ecs.create({ taskDefinition, serviceName: `web-${index}`, desiredCount: 0 });
      const first = await ecs.client.send(new ListServicesCommand({ cluster: ecs.cluster }));
      expect(first.serviceArns).toHaveLength(10);
      const rest = await ecs.client.send(new ListServicesCommand({ cluster: ecs.cluster, nextToken: first.nextToken }));
      expect(rest.serviceArns).toHaveLength(2);
      expect(rest.nextToken).toBeUndefined();
    });
  });
}
