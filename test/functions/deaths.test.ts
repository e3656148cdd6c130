import { describe, expect, test } from 'vitest';
import { recordTask } from '../../functions/record-task.ts';
import { deployment } from '../../kubernetes/kinds/apps/deployment.ts';
import { keyOf } from '../../kubernetes/kind.ts';
import { pod as podKind, type Pod } from '../../kubernetes/kinds/core/pod.ts';
import { parseEcsTask, type EcsContainer, type EcsTask } from '../../translate/ecs-state.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';
import { deploymentOf, podOf } from './support/manifests.ts';
import { isReady, tasksOf } from './support/observe.ts';

interface Death {
  readonly task: Partial<EcsTask>;
  readonly container?: Partial<EcsContainer>;
  /** What `kubectl describe` says of it, in one line. */
  readonly told: string;
  /** The reason in the container's state, or in its last one. */
  readonly state: string;
}

const never = { startedAt: undefined, stopCode: 'TaskFailedToStart' };
const exited = { stopCode: 'EssentialContainerExited', stoppedReason: 'Essential container in task exited' };
const lost = (stopCode: string, stoppedReason: string) => ({ stopCode, stoppedReason });

/** Texts as ECS writes them (ECS developer guide, "Stopped tasks error messages"). */
const deaths: Readonly<Record<string, Death>> = {
  'it exits with an error': {
    task: exited,
    container: { exitCode: 1 },
    told: 'Failed Essential container in task exited (app: exit code 1)',
    state: 'Error',
  },
  'it is killed by a signal': {
    task: exited,
    container: { exitCode: 139 },
    told: 'Failed Essential container in task exited (app: exit code 139)',
    state: 'Error',
  },
  'it runs out of memory': {
    task: exited,
    container: { exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
    told: 'Failed Essential container in task exited (app: exit code 137, OutOfMemoryError: Container killed due to memory usage)',
    state: 'OOMKilled',
  },
  'its image is not there': {
    task: { ...never, stoppedReason: 'CannotPullContainerError: docker.io/library/nginx:9: not found' },
    told: 'Failed CannotPullContainerError: docker.io/library/nginx:9: not found',
    state: 'ErrImagePull',
  },
  'its secret cannot be read': {
    task: {
      ...never,
      stoppedReason: 'ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException',
    },
    told: 'Failed ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException',
    state: 'CreateContainerConfigError',
  },
  'its network cannot be made': {
    task: { ...never, stoppedReason: 'ResourceInitializationError: failed to attach the network interface' },
    told: 'Failed ResourceInitializationError: failed to attach the network interface',
    state: 'CreatePodSandboxError',
  },
  'its command is not there': {
    task: { ...never, stoppedReason: 'Task failed to start' },
    container: { reason: 'CannotStartContainerError: exec: "serve": executable file not found in $PATH' },
    told: 'Failed Task failed to start (app: CannotStartContainerError: exec: "serve": executable file not found in $PATH)',
    state: 'RunContainerError',
  },
  'its volume cannot be mounted': {
    task: { ...never, stoppedReason: 'CannotCreateVolumeError: mount.nfs4: access denied by server' },
    told: 'Failed CannotCreateVolumeError: mount.nfs4: access denied by server',
    state: 'CreateContainerError',
  },
  'it fails its health checks': {
    task: lost('ServiceSchedulerInitiated', 'Task failed container health checks'),
    container: { exitCode: 143 },
    told: 'Unhealthy Task failed container health checks (app: exit code 143)',
    state: 'Error',
  },
  'Spot takes its capacity back': {
    task: lost('SpotInterruption', 'Your Spot Task was interrupted.'),
    container: { exitCode: 143 },
    told: 'Evicted Your Spot Task was interrupted. (app: exit code 143)',
    state: 'Error',
  },
  'Fargate retires its host': {
    task: lost('TerminationNotice', 'ECS is performing maintenance on the underlying infrastructure hosting the task.'),
    container: { exitCode: 0 },
    told: 'Evicted ECS is performing maintenance on the underlying infrastructure hosting the task. (app: exit code 0)',
    state: 'Completed',
  },
  'its host breaks': {
    task: lost('InfrastructureHealth', 'The underlying host became unhealthy'),
    told: 'Evicted The underlying host became unhealthy',
    state: 'ContainerStatusUnknown',
  },
  'somebody stops it in ECS': {
    task: lost('UserInitiated', 'Task stopped by user'),
    container: { exitCode: 143 },
    told: 'Stopped Task stopped by user',
    state: 'Error',
  },
};

/** The task as ECS describes it once it has died so. */
function dead(task: EcsTask, { task: changes, container }: Death): EcsTask {
  const [app] = task.containers;
  return {
    ...task,
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    version: task.version + 10,
    stoppingAt: '2026-01-01T00:01:00Z',
    stoppedAt: '2026-01-01T00:01:00Z',
    ...changes,
    containers: app === undefined ? [] : [{ ...app, lastStatus: 'STOPPED', exitCode: undefined, ...container }],
  };
}

async function die(cluster: Cluster, death: Death): Promise<Pod | undefined> {
  const pod = await cluster.until(async () => (await cluster.list(podKind)).find(isReady));
  const raw = (await tasksOf(cluster)).find(({ taskArn }) => taskArn === pod.notes['task']);
  const task = parseEcsTask(raw);
  if (task === undefined) throw new Error('no task');
  return recordTask(cluster.context, keyOf(podKind, pod), dead(task, death));
}

const reasons = (pod: Pod | undefined): (string | undefined)[] => {
  const [status] = pod?.status?.containerStatuses ?? [];
  return [status?.state?.waiting?.reason, status?.state?.terminated?.reason, status?.lastState?.terminated?.reason];
};

describe.each(Object.entries(deaths))('when %s', (_, death) => {
  test('a bare pod says so in one line, and in its state', async () => {
    const cluster = await startCluster();
    await cluster.create(podKind, podOf({ spec: { restartPolicy: 'OnFailure' } }));
    const pod = await die(cluster, death);
    expect(await cluster.told()).toContain(`Pod one: ${death.told}`);
    expect(reasons(pod)).toContain(death.state);
  });

  test('the controller of a pod says so in one line', async () => {
    const cluster = await startCluster();
    await cluster.create(deployment, deploymentOf({ deployment: { replicas: 1 } }));
    await die(cluster, death);
    const lines = (await cluster.told()).filter((line) => line.startsWith('ReplicaSet '));
    expect(lines.map((line) => line.replace(/^ReplicaSet web-\w+: /, ''))).toContain(death.told);
  });
});

test('a workload whose containers end well is told of too', async () => {
  const cluster = await startCluster();
  await cluster.create(deployment, deploymentOf({ simulate: 'exit', deployment: { replicas: 1 } }));
  await cluster.pass(5);
  expect(await cluster.told()).toContainEqual(
    expect.stringMatching(/^ReplicaSet web-\w+: Completed Essential container in task exited \(app: exit code 0\)/),
  );
});
