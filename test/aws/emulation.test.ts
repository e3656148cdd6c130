import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Clients } from '../../aws/clients.ts';
import { applyCluster } from '../../aws/ecs/cluster.ts';
import { applyService, observeService, removeService } from '../../aws/ecs/service.ts';
import { registerTaskDefinition } from '../../aws/ecs/task-definition.ts';
import { observeTasks, runTask, stopTask } from '../../aws/ecs/task.ts';
import { translateEcsService } from '../../translate/ecs-service.ts';
import type { TaskDefinitionPlan } from '../../translate/plan.ts';
import type { PlannedRequest } from '../../translate/plan-manifests.ts';
import { ownershipOf } from '../../translate/ownership.ts';
import { translateRunTask } from '../../translate/run-task.ts';
import { translateTaskDefinition } from '../../translate/task-definition.ts';
import { emulateAws, installation } from '../support/emulation.ts';

const owner = { kind: 'Deployment', namespace: 'default', name: 'web', uid: '6f1c2d3e-4a5b-4c6d-8e7f-901234567890' };
const surroundings = { installation, configMaps: new Map(), secrets: new Map(), secretArn: () => '' };

function planOf(image: string): TaskDefinitionPlan {
  const template = { spec: { containers: [{ name: 'web', image }] } };
  const { plan } = translateTaskDefinition({ owner, template }, surroundings);
  if (plan === undefined) throw new Error('refused');
  return plan;
}

/** Writes down the writes that a client sends. */
function recordWrites({ ecs }: Clients): string[] {
  const writes: string[] = [];
  ecs.middlewareStack.add(
    (next, context) => (call) => {
      const operation = `${context['commandName']}`.replace(/Command$/, '');
      if (!/^(Describe|List)/.test(operation)) writes.push(operation);
      return next(call);
    },
    { step: 'initialize', priority: 'high', name: 'recordWrites' },
  );
  return writes;
}

async function start() {
  const aws = emulateAws();
  await applyCluster(aws.clients, installation.cluster, []);
  return { ...aws, writes: recordWrites(aws.clients) };
}

describe('against an emulated ECS', () => {
  test('applying twice writes once, at each step of a service’s life', async () => {
    const { clients, clock, writes } = await start();
    const apply = async (image: string, replicas: number) => {
      const { arn: taskDefinitionArn } = await registerTaskDefinition(clients, planOf(image));
      return applyService(clients, translateEcsService({ owner, replicas, taskDefinitionArn }, installation));
    };
    const steps: (readonly [image: string, replicas: number])[] = [
      ['nginx:1', 2],
      ['nginx:1', 5],
      ['nginx:2', 5],
      ['nginx:1', 5],
      ['nginx:1', 0],
    ];
    for (const step of steps) {
      await apply(...step);
      await clock.advance(120_000);
      const before = writes.length;
      expect((await apply(...step)).changed).toBe(false);
      expect(writes).toHaveLength(before);
    }
    expect(writes).toEqual([
      'RegisterTaskDefinition',
      'CreateService',
      'UpdateService',
      'RegisterTaskDefinition',
      'UpdateService',
      'UpdateService',
      'UpdateService',
    ]);
  });

  test('a service is removed with its tasks', async () => {
    const { clients, clock } = await start();
    const { arn } = await registerTaskDefinition(clients, planOf('nginx'));
    const plan = translateEcsService({ owner, replicas: 2, taskDefinitionArn: arn }, installation);
    await applyService(clients, plan);
    await clock.advance(120_000);
    const { cluster, serviceName } = plan;
    const named = { cluster, serviceName, ownership: ownershipOf(plan.tags) };
    expect(await observeTasks(clients, cluster, { serviceName })).toHaveLength(2);
    expect(await removeService(clients, named)).toBe('draining');
    expect((await applyService(clients, plan)).service.status).toBe('DRAINING');
    await clock.advance(120_000);
    expect(await removeService(clients, named)).toBe('gone');
    expect(await observeService(clients, cluster, serviceName)).toBeUndefined();
    expect(await applyService(clients, plan)).toMatchObject({ changed: true, service: { status: 'ACTIVE' } });
  });

  test('a task runs once for each attempt, stops when it is told, and is found again', async () => {
    const { clients, clock } = await start();
    const pod = { ...owner, kind: 'Pod' };
    const ownership = { installation: installation.name, uids: [pod.uid] };
    const { arn: taskDefinitionArn } = await registerTaskDefinition(clients, planOf('nginx'));
    const run = (attempt: number) =>
      runTask(clients, translateRunTask({ owner: pod, taskDefinitionArn, attempt }, installation));
    const first = await run(0);
    if ('failure' in first) throw new Error(first.failure);
    expect(await run(0)).toMatchObject({ task: { taskArn: first.task.taskArn } });
    await clock.advance(60_000);
    const { cluster } = installation;
    const [running] = await observeTasks(clients, cluster, { startedBy: pod.uid });
    expect(running).toMatchObject({ lastStatus: 'RUNNING', startedBy: pod.uid, tags: { 'skiff.dev/uid': pod.uid } });
    const request = { cluster, task: first.task, ownership, reason: 'deleted' };
    expect(await stopTask(clients, request)).toBe('stopping');
    await clock.advance(60_000);
    const selector = { startedBy: pod.uid, family: 'default_web' };
    const stopped = await observeTasks(clients, cluster, selector);
    expect(stopped.map((task) => [task.lastStatus, task.stopCode])).toEqual([['STOPPED', 'UserInitiated']]);
    const unknown = { ...first.task, taskArn: first.task.taskArn.replace(/.{4}$/, '0000') };
    expect(await stopTask(clients, { ...request, task: unknown })).toBe('gone');
  });
});

const fixtures = join(import.meta.dirname, '../fixtures/translate');
const planned = readdirSync(fixtures).flatMap((feature) => {
  const file = join(fixtures, feature, 'plan.json');
  const requests: PlannedRequest[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
  return requests.flatMap(({ operation, input }) =>
    operation === 'RegisterTaskDefinition' ? [{ feature, plan: input }] : [],
  );
});

test.each(planned)('an emulated ECS takes the task definition of $feature', async ({ plan }) => {
  const { clients } = await start();
  await expect(registerTaskDefinition(clients, plan)).resolves.toMatchObject({ hash: expect.any(String) });
});
