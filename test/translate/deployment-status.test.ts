import { describe, expect, test } from 'vitest';
import type { Deployment } from '../../kubernetes/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kubernetes/kinds/apps/replica-set.ts';
import { secondsUntilDeadline } from '../../translate/deployment-conditions.ts';
import { deploymentStatus, type DeploymentStatus } from '../../translate/deployment-status.ts';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
const selector = { matchLabels: { app: 'web' } };
const deployment = (
  options: { spec?: Partial<NonNullable<Deployment['spec']>>; status?: DeploymentStatus } = {},
): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', generation: 7 },
  spec: { replicas: 3, selector, template, progressDeadlineSeconds: 600, ...options.spec },
  ...(options.status === undefined ? {} : { status: options.status }),
});
const arn = (name: string): string => `arn:aws:ecs:eu-west-1:123456789012:task-definition/default_web:${name}`;
const replicaSet = (name: string, status: Partial<NonNullable<ReplicaSet['status']>>, replicas = 3): ReplicaSet => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { name, annotations: { 'skiff.dev/task-definition': arn(name) } },
  spec: { replicas, selector, template },
  status: { replicas: 0, ...status },
});
const full = (name: string): ReplicaSet => replicaSet(name, { replicas: 3, readyReplicas: 3, availableReplicas: 3 });
const start = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => `${new Date(start + seconds * 1000).toISOString().slice(0, 19)}Z`;

/** Goes on from a status: what the controller would say at each moment. */
class Rollout {
  status: DeploymentStatus | undefined;
  spec: Partial<NonNullable<Deployment['spec']>> = {};

  observe(seconds: number, replicaSets: ReplicaSet[], rolloutFailure?: string): DeploymentStatus {
    this.status = deploymentStatus({
      deployment: deployment({ spec: this.spec, ...(this.status === undefined ? {} : { status: this.status }) }),
      replicaSets,
      newReplicaSet: replicaSets.at(-1),
      rolloutFailure,
      now: at(seconds),
    });
    return this.status;
  }

  progressing() {
    return this.status?.conditions?.find((condition) => condition.type === 'Progressing');
  }

  available() {
    return this.status?.conditions?.find((condition) => condition.type === 'Available');
  }
}

describe('a rollout', () => {
  test('goes from a new ReplicaSet over its steps to the end', () => {
    const rollout = new Rollout();
    expect(rollout.observe(0, [replicaSet('web-a', {})])).toEqual({
      observedGeneration: 7,
      unavailableReplicas: 3,
      conditions: [
        {
          type: 'Available',
          status: 'False',
          lastUpdateTime: at(0),
          lastTransitionTime: at(0),
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
        {
          type: 'Progressing',
          status: 'True',
          lastUpdateTime: at(0),
          lastTransitionTime: at(0),
          reason: 'NewReplicaSetCreated',
          message: 'Created new replica set "web-a"',
        },
      ],
    });
    rollout.observe(5, [replicaSet('web-a', { replicas: 3 })]);
    expect(rollout.progressing()).toMatchObject({
      reason: 'ReplicaSetUpdated',
      message: 'ReplicaSet "web-a" is progressing.',
      lastUpdateTime: at(5),
      lastTransitionTime: at(0),
    });
    expect(rollout.observe(9, [full('web-a')])).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    expect(rollout.status?.unavailableReplicas).toBeUndefined();
    expect(rollout.available()).toMatchObject({ status: 'True', reason: 'MinimumReplicasAvailable' });
    expect(rollout.progressing()).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: 'ReplicaSet "web-a" has successfully progressed.',
      lastUpdateTime: at(9),
      lastTransitionTime: at(0),
    });
  });

  test('changes nothing when nothing has changed', () => {
    const rollout = new Rollout();
    for (const sets of [[replicaSet('web-a', {})], [replicaSet('web-a', { replicas: 2 })], [full('web-a')]]) {
      const first = rollout.observe(1, sets);
      expect(rollout.observe(400, sets)).toEqual(first);
    }
  });

  test('stays complete while it is scaled and while a pod is lost', () => {
    const rollout = new Rollout();
    rollout.observe(0, [full('web-a')]);
    rollout.observe(1, [full('web-a')]);
    const complete = rollout.progressing();
    rollout.spec = { replicas: 9 };
    rollout.observe(2, [replicaSet('web-a', { replicas: 4, readyReplicas: 3, availableReplicas: 3 }, 9)]);
    expect(rollout.progressing()).toEqual(complete);
    expect(rollout.available()).toMatchObject({ status: 'False' });
    rollout.observe(5000, [replicaSet('web-a', { replicas: 4, readyReplicas: 3, availableReplicas: 3 }, 9)]);
    expect(rollout.progressing()).toEqual(complete);
  });

  test('counts the pods of old ReplicaSets, and begins anew with the next one', () => {
    const rollout = new Rollout();
    rollout.observe(0, [full('web-a')]);
    rollout.observe(1, [full('web-a')]);
    const next = rollout.observe(10, [full('web-a'), replicaSet('web-b', { replicas: 0 }, 1)]);
    expect(next).toMatchObject({ replicas: 3, availableReplicas: 3, unavailableReplicas: 1 });
    expect(next.updatedReplicas).toBeUndefined();
    expect(rollout.progressing()).toMatchObject({
      reason: 'NewReplicaSetCreated',
      message: 'Created new replica set "web-b"',
    });
    rollout.observe(20, [replicaSet('web-a', {}, 0), full('web-b')]);
    expect(rollout.progressing()).toMatchObject({
      reason: 'NewReplicaSetAvailable',
      message: 'ReplicaSet "web-b" has successfully progressed.',
    });
  });

  test('is not complete while an old pod is left', () => {
    const rollout = new Rollout();
    const old = replicaSet('web-a', { replicas: 1, readyReplicas: 1, availableReplicas: 1 }, 0);
    rollout.observe(0, [old, full('web-b')]);
    rollout.observe(1, [old, full('web-b')]);
    expect(rollout.progressing()?.reason).not.toBe('NewReplicaSetAvailable');
  });

  test('that goes back finds its ReplicaSet again', () => {
    const found = full('web-a');
    const again = {
      ...replicaSet('web-a', {}),
      metadata: {
        ...found.metadata,
        annotations: { ...found.metadata.annotations, 'deployment.kubernetes.io/revision-history': '1' },
      },
    };
    const rollout = new Rollout();
    rollout.observe(0, [full('web-b')]);
    rollout.observe(1, [full('web-b'), again]);
    expect(rollout.progressing()).toMatchObject({
      reason: 'FoundNewReplicaSet',
      message: 'Found new replica set "web-a"',
    });
  });

  test('exceeds its deadline when it makes no step, and recovers with the next', () => {
    const rollout = new Rollout();
    const stuck = replicaSet('web-a', { replicas: 3, readyReplicas: 1, availableReplicas: 1 });
    rollout.observe(0, [replicaSet('web-a', {})]);
    rollout.observe(100, [stuck]);
    expect(secondsUntilDeadline(rollout.status, 600, at(100))).toBe(601);
    rollout.observe(700, [stuck]);
    expect(rollout.progressing()?.reason).toBe('ReplicaSetUpdated');
    rollout.observe(701, [stuck]);
    expect(rollout.progressing()).toMatchObject({
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "web-a" has timed out progressing.',
    });
    expect(secondsUntilDeadline(rollout.status, 600, at(701))).toBeUndefined();
    rollout.observe(900, [stuck]);
    expect(rollout.progressing()?.reason).toBe('ProgressDeadlineExceeded');
    rollout.observe(901, [full('web-a')]);
    expect(rollout.progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });

  test('is paused and resumed', () => {
    const rollout = new Rollout();
    rollout.observe(0, [full('web-a')]);
    rollout.spec = { paused: true };
    rollout.observe(1, [full('web-a')]);
    expect(rollout.progressing()).toMatchObject({
      status: 'Unknown',
      reason: 'DeploymentPaused',
      message: 'Deployment is paused',
    });
    rollout.spec = {};
    rollout.observe(2, [full('web-a')]);
    expect(rollout.progressing()).toMatchObject({ reason: 'DeploymentResumed', message: 'Deployment is resumed' });
    rollout.observe(3, [full('web-a')]);
    expect(rollout.progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });
});

describe('a rollout that is given up', () => {
  const good = full('web-a');
  const bad = replicaSet('web-b', { replicas: 1 }, 1);

  test('says so and why, until another ReplicaSet is the new one', () => {
    const rollout = new Rollout();
    rollout.observe(0, [good]);
    rollout.observe(1, [good]);
    rollout.observe(2, [good, bad]);
    rollout.observe(3, [good, bad], 'tasks failed to start');
    const message = 'ReplicaSet "web-b" has failed progressing: tasks failed to start';
    expect(rollout.progressing()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded', message });
    const gone = replicaSet('web-b', {}, 0);
    rollout.observe(60, [good, gone], 'tasks failed to start');
    expect(rollout.progressing()).toMatchObject({ status: 'False', message, lastUpdateTime: at(3) });
    rollout.observe(70, [good, gone, replicaSet('web-c', {}, 1)]);
    expect(rollout.progressing()).toMatchObject({ status: 'True', reason: 'NewReplicaSetCreated' });
  });

  test('says so without a deadline too', () => {
    const rollout = new Rollout();
    rollout.spec = { progressDeadlineSeconds: 2_147_483_647 };
    rollout.observe(0, [good, bad]);
    expect(rollout.progressing()).toBeUndefined();
    rollout.observe(1, [good, bad], 'tasks failed to start');
    expect(rollout.progressing()).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
  });
});

describe('availability', () => {
  test.each([
    [{ replicas: 3 }, 3, 'True'],
    [{ replicas: 3 }, 2, 'False'],
    [
      { replicas: 4, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } } },
      3,
      'True',
    ],
    [
      { replicas: 4, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } },
      3,
      'False',
    ],
    [{ replicas: 4, strategy: { type: 'Recreate' } }, 3, 'False'],
    [{ replicas: 0 }, 0, 'True'],
  ])('with %j and %i available pods is %s', (spec, availableReplicas, expected) => {
    const rollout = new Rollout();
    rollout.spec = spec;
    rollout.observe(0, [replicaSet('web-a', { replicas: availableReplicas, availableReplicas })]);
    expect(rollout.available()?.status).toBe(expected);
  });
});

test('a failure to make pods is a condition of its own, and goes with its cause', () => {
  const observation = {
    replicaSets: [],
    newReplicaSet: undefined,
    now: at(0),
  };
  const failing = deploymentStatus({ ...observation, deployment: deployment(), failure: 'secret "db" not found' });
  expect(failing.conditions?.at(-1)).toMatchObject({
    type: 'ReplicaFailure',
    status: 'True',
    reason: 'FailedCreate',
    message: 'secret "db" not found',
  });
  const healed = deploymentStatus({ ...observation, deployment: deployment({ status: failing }) });
  expect(healed.conditions?.map((condition) => condition.type)).not.toContain('ReplicaFailure');
});
