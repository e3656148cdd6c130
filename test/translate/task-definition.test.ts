import { describe, expect, test } from 'vitest';
import type { PodSpec } from '../../kubernetes/kinds/core/pod.ts';
import { translateEcsService } from '../../translate/ecs-service.ts';
import { translateRunTask } from '../../translate/run-task.ts';
import type { SecretContent } from '../../translate/secret.ts';
import { translateTaskDefinition } from '../../translate/task-definition.ts';
import { installation } from './support/installation.ts';

const owner = { kind: 'Deployment', namespace: 'default', name: 'web', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const surroundings = { installation, configMaps: new Map(), secrets: new Map(), secretArn: () => '' };
const translate = (spec: PodSpec) => translateTaskDefinition({ owner, template: { spec } }, surroundings);
const containers = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: 'busybox' }));

describe('a task definition', () => {
  test('has at most ten containers, init containers and Skiff’s own among them', () => {
    expect(translate({ initContainers: containers(3), containers: containers(6) }).refused).toEqual([]);
    const { plan, refused } = translate({ initContainers: containers(3), containers: containers(7) });
    expect(plan).toBeUndefined();
    expect(refused).toEqual([
      { path: 'spec.containers', message: "a task has at most 10 containers, Skiff's own among them, not 11" },
    ]);
  });

  test('has at most 64 KB, counted in bytes', () => {
    const env = (length: number) => [{ name: 'A', value: 'é'.repeat(length) }];
    const withEnv = (length: number): PodSpec => ({ containers: [{ name: 'web', image: 'nginx', env: env(length) }] });
    expect(translate(withEnv(31_000)).refused).toEqual([]);
    expect(translate(withEnv(33_000)).refused).toMatchObject([{ path: 'spec' }]);
  });

  test('has at most 200 GiB of ephemeral storage', () => {
    const withStorage = (amount: string): PodSpec => ({
      containers: [{ name: 'web', image: 'nginx', resources: { requests: { 'ephemeral-storage': amount } } }],
    });
    expect(translate(withStorage('20Gi')).plan?.ephemeralStorage).toBeUndefined();
    expect(translate(withStorage('20.1Gi')).plan?.ephemeralStorage).toEqual({ sizeInGiB: 21 });
    expect(translate(withStorage('200Gi')).plan?.ephemeralStorage).toEqual({ sizeInGiB: 200 });
    expect(translate(withStorage('201Gi')).refused).toMatchObject([{ path: 'spec.containers' }]);
  });

  test('waits for an object that is missing, and says which', () => {
    const valueFrom = { secretKeyRef: { name: 'db', key: 'password' } };
    const { plan, refused } = translate({
      containers: [{ name: 'web', image: 'nginx', env: [{ name: 'A', valueFrom }] }],
    });
    expect(plan).toBeUndefined();
    expect(refused).toEqual([
      {
        path: 'spec.containers[0].env[0].valueFrom',
        message: 'secret "db" not found',
        waitsFor: { kind: 'Secret', name: 'db' },
      },
    ]);
  });

  test('reads secrets as text', () => {
    const env = [{ name: 'A', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    const secret = {
      apiVersion: 'v1' as const,
      kind: 'Secret' as const,
      metadata: { name: 'db' },
      data: { password: Buffer.from('pässwörd\n').toString('base64') },
    };
    const template = { spec: { containers: [{ name: 'web', image: 'nginx', env }] } };
    const secrets = new Map([['db', secret]]);
    const kept: SecretContent[] = [];
    const secretArn = (content: SecretContent): string => {
      kept.push(content);
      return 'arn';
    };
    const { plan } = translateTaskDefinition({ owner, template }, { ...surroundings, secrets, secretArn });
    expect(kept.map(({ value }) => value)).toEqual([{ web_A: 'pässwörd\n' }]);
    expect(plan?.containerDefinitions[0]).toMatchObject({ secrets: [{ name: 'A', valueFrom: 'arn:web_A::' }] });
    expect(plan?.containerDefinitions[0]?.environment).toBeUndefined();
  });

  test('changes nothing of what it is given', () => {
    const spec: PodSpec = {
      initContainers: containers(1),
      containers: [{ name: 'web', image: 'nginx', command: ['a'], env: [{ name: 'A', value: '$(B)' }] }],
      volumes: [{ name: 'a', emptyDir: {} }],
    };
    const before = structuredClone(spec);
    translate(spec);
    expect(spec).toEqual(before);
  });
});

describe('an ECS service', () => {
  const taskDefinitionArn = 'arn:aws:ecs:eu-west-1:123456789012:task-definition/default_web:1';
  const service = (changes: object = {}) =>
    translateEcsService({ owner, replicas: 4, taskDefinitionArn, ...changes }, installation);

  test('runs the task definition in the installation, with the default strategy', () => {
    expect(service()).toMatchObject({
      cluster: 'skiff',
      serviceName: 'default_web_6f1c2d3e',
      taskDefinition: taskDefinitionArn,
      desiredCount: 4,
      launchType: 'FARGATE',
      deploymentConfiguration: {
        minimumHealthyPercent: 75,
        maximumPercent: 125,
        deploymentCircuitBreaker: { enable: false, rollback: false },
      },
      availabilityZoneRebalancing: 'ENABLED',
      propagateTags: 'SERVICE',
      enableECSManagedTags: true,
    });
  });

  test('goes back when a rollout fails, if it is told to', () => {
    expect(service({ onFailure: 'rollback' }).deploymentConfiguration.deploymentCircuitBreaker).toEqual({
      enable: true,
      rollback: true,
    });
  });

  test.each([
    [{ type: 'Recreate' }, 0, 100, 'DISABLED'],
    [{ type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }, 75, 100, 'DISABLED'],
    [{ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, 100, 125, 'ENABLED'],
  ])('with strategy %j keeps %i to %i percent', (...[strategy, least, most, rebalancing]) => {
    expect(service({ strategy })).toMatchObject({
      deploymentConfiguration: { minimumHealthyPercent: least, maximumPercent: most },
      availabilityZoneRebalancing: rebalancing,
    });
  });
});

describe('a task of a pod', () => {
  const run = (attempt: number) => translateRunTask({ owner, taskDefinitionArn: 'arn', attempt }, installation);

  test('has the same token for the same attempt, and another for the next', () => {
    expect(run(0).clientToken).toBe(run(0).clientToken);
    expect(run(1).clientToken).not.toBe(run(0).clientToken);
    expect(run(1000).clientToken).toMatch(/^[!-~]{1,64}$/);
    expect(run(0).startedBy).toMatch(/^[A-Za-z0-9/_-]{1,128}$/);
  });

  test('is tagged itself, since a task has no service to take tags from', () => {
    expect(run(0)).not.toHaveProperty('propagateTags');
    expect(run(0).tags).toContainEqual({ key: 'skiff.dev/uid', value: owner.uid });
  });
});
