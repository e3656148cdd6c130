import { describe, expect, test } from 'vitest';
import { handleEvent } from '../../../functions/events/handle-event.ts';
import type { AwsEvent } from '../../../functions/events/event.ts';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, podOf } from '../support/manifests.ts';
import { isReady, readyPods, rolledOut, servicesOf } from '../support/observe.ts';

const taskEvents = (cluster: Cluster): AwsEvent[] =>
  cluster.events.filter((event) => event['detail-type'] === 'ECS Task State Change');

const eventOf = (overrides: Partial<AwsEvent>): AwsEvent => ({
  id: 'event',
  source: 'aws.ecs',
  'detail-type': 'ECS Service Action',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  account: '123456789012',
  resources: [],
  detail: {},
  ...overrides,
});

describe('an event of AWS', () => {
  test('that is older than what is known of a pod changes nothing', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    await cluster.pass(10);
    const revision = await cluster.store.revision();
    for (const event of taskEvents(cluster)) await handleEvent(cluster.context, event);
    for (const event of taskEvents(cluster).toReversed()) await handleEvent(cluster.context, event);
    await cluster.pass(1);
    expect(await cluster.store.revision()).toBe(revision);
  });

  test('about a task whose pod has gone brings nothing back', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf());
    await cluster.create(podKind, podOf());
    await cluster.until(readyPods(cluster, 3));
    await cluster.delete(deployment, 'web');
    await cluster.delete(podKind, 'one');
    await cluster.pass(30);
    for (const event of taskEvents(cluster)) await handleEvent(cluster.context, event);
    await cluster.pass(1);
    expect(await cluster.list(podKind)).toEqual([]);
    expect(cluster.failures).toEqual([]);
  });

  test('about an earlier task of a bare pod does not touch the present one', async () => {
    const cluster = await startCluster();
    await cluster.create(podKind, podOf({ simulate: 'crash' }));
    await cluster.pass(5);
    const before = await cluster.get(podKind, 'one');
    expect(before?.status?.containerStatuses?.[0]?.restartCount).toBe(1);
    for (const event of taskEvents(cluster).slice(0, 5)) await handleEvent(cluster.context, event);
    expect((await cluster.get(podKind, 'one'))?.status).toEqual(before?.status);
  });

  test('about a trouble of a service is told about its deployment', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    const [service] = await servicesOf(cluster);
    const detail = { eventType: 'ERROR', eventName: 'SERVICE_TASK_PLACEMENT_FAILURE', reason: 'RESOURCE:FARGATE' };
    await handleEvent(cluster.context, eventOf({ resources: [service?.serviceArn ?? ''], detail }));
    expect(await cluster.told()).toContain('Deployment web: ServiceTaskPlacementFailure RESOURCE:FARGATE');
  });

  test.each([
    ['of another source', { source: 'aws.ec2' }],
    ['of a type that nobody handles', { 'detail-type': 'ECS Container Instance State Change' }],
    ['named like a member of every object', { 'detail-type': 'constructor' }],
    ['whose detail is no task', { 'detail-type': 'ECS Task State Change', detail: { taskArn: 7 } }],
    ['whose detail is nothing', { 'detail-type': 'ECS Task State Change', detail: null }],
    [
      'about a service of another cluster',
      { resources: ['arn:aws:ecs:us-east-1:123456789012:service/other/default_web_1'] },
    ],
    [
      'about a service that is not ours',
      { resources: ['arn:aws:ecs:us-east-1:123456789012:service/skiff/somebody-else'] },
    ],
    [
      'about a task of another cluster',
      {
        'detail-type': 'ECS Task State Change',
        detail: { taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/other/abc', lastStatus: 'RUNNING', version: 1 },
      },
    ],
    [
      'about a task that is not ours',
      {
        'detail-type': 'ECS Task State Change',
        detail: {
          taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/skiff/abc',
          lastStatus: 'RUNNING',
          version: 1,
          group: 'family:batch',
          startedBy: 'somebody',
        },
      },
    ],
  ])('%s is ignored', async (_, overrides) => {
    const cluster = await startCluster();
    await cluster.create(podKind, podOf());
    await cluster.until(async () => (await cluster.list(podKind)).every(isReady));
    const revision = await cluster.store.revision();
    const detail = { eventType: 'ERROR', eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' };
    await handleEvent(cluster.context, eventOf({ detail, ...overrides }));
    expect(await cluster.store.revision()).toBe(revision);
  });

  test.each([
    ['region', 'us-east-1', 'eu-west-1'],
    ['account', '123456789012', '210987654321'],
    ['service', ':ecs:', ':batch:'],
  ])('about a cluster of the same name in another %s is ignored', async (_, own, other) => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf());
    await cluster.until(rolledOut(cluster));
    const [service] = await servicesOf(cluster);
    const arn = service?.serviceArn ?? '';
    const detail = { eventType: 'ERROR', eventName: 'SERVICE_TASK_PLACEMENT_FAILURE' };
    const revision = await cluster.store.revision();
    await handleEvent(cluster.context, eventOf({ detail, resources: [arn.replace(own, other)] }));
    expect(await cluster.store.revision()).toBe(revision);
    await handleEvent(cluster.context, eventOf({ detail, resources: [arn] }));
    expect(await cluster.store.revision()).toBeGreaterThan(revision);
  });
});
