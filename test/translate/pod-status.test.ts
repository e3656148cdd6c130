import { describe, expect, test } from 'vitest';
import type { PodSpec, PodStatus } from '../../kubernetes/kinds/core/pod.ts';
import type { EcsTask } from '../../translate/ecs-state.ts';
import { podStatus } from '../../translate/pod-status.ts';
import { ecsContainer, ecsTask, stoppedTask, taskArn } from './support/ecs-task.ts';
import { installation } from './support/installation.ts';

const now = '2026-01-01T00:00:20Z';
const spec: PodSpec = { containers: [{ name: 'web', image: 'nginx:1.27' }] };
const status = (task: EcsTask, options: { spec?: PodSpec; previous?: PodStatus; now?: string } = {}): PodStatus =>
  podStatus(options.spec ?? spec, task, { now: options.now ?? now, previous: options.previous, installation });
const conditions = (of: PodStatus): Record<string, string> =>
  Object.fromEntries((of.conditions ?? []).map((condition) => [condition.type, condition.status]));
const state = (of: PodStatus) => of.containerStatuses?.[0]?.state;
const pending = (lastStatus: string): EcsTask =>
  ecsTask({
    lastStatus,
    startedAt: undefined,
    ipAddress: undefined,
    containers: [ecsContainer('web', { lastStatus: 'PENDING' })],
  });

describe('a starting pod', () => {
  test.each(['PROVISIONING', 'PENDING', 'ACTIVATING'])('is Pending while its task is %s', (lastStatus) => {
    const found = status(pending(lastStatus));
    expect(found.phase).toBe('Pending');
    expect(state(found)).toEqual({ waiting: { reason: 'ContainerCreating' } });
    expect(found.podIP).toBeUndefined();
    expect(conditions(found)).toEqual({
      PodReadyToStartContainers: 'False',
      Initialized: 'True',
      Ready: 'False',
      ContainersReady: 'False',
      PodScheduled: 'True',
    });
  });

  test('waits with PodInitializing for its init containers', () => {
    const found = status(
      ecsTask({
        lastStatus: 'PENDING',
        containers: [
          ecsContainer('one', { lastStatus: 'STOPPED', exitCode: 0 }),
          ecsContainer('two'),
          ecsContainer('web', { lastStatus: 'PENDING' }),
        ],
      }),
      {
        spec: {
          ...spec,
          initContainers: [
            { name: 'one', image: 'a' },
            { name: 'two', image: 'b' },
          ],
        },
      },
    );
    expect(found.phase).toBe('Pending');
    expect(found.initContainerStatuses).toMatchObject([
      { name: 'one', ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
      { name: 'two', ready: false, state: { running: {} } },
    ]);
    expect(state(found)).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(found.conditions?.find((condition) => condition.type === 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [two]',
    });
  });

  test.each([
    ['CannotPullContainerError: pull image manifest has been retried 1 time(s): not found', 'ErrImagePull'],
    ['CannotPullContainerError: invalid reference format', 'InvalidImageName'],
    ['CannotStartContainerError: exec: "nope": executable file not found', 'RunContainerError'],
    ['ContainerRuntimeTimeoutError: Could not transition to running', 'CreateContainerError'],
    ['CannotCreateVolumeError: no', 'CreateContainerError'],
    ['ResourceInitializationError: unable to pull secrets or registry auth: no secret', 'CreateContainerConfigError'],
    ['ResourceInitializationError: failed to configure ENI', 'CreatePodSandboxError'],
    ['Something nobody knows yet', 'CreateContainerError'],
  ])('that ECS cannot start for %j waits with %s', (stoppedReason, reason) => {
    const found = status(
      stoppedTask([ecsContainer('web')], { stopCode: 'TaskFailedToStart', stoppedReason, startedAt: undefined }),
    );
    expect(found.phase).toBe('Pending');
    expect(state(found)).toEqual({ waiting: { reason, message: stoppedReason } });
    expect(found.containerStatuses?.[0]).toMatchObject({ ready: false, restartCount: 0, started: false });
  });

  test('backs off when its image cannot be pulled again', () => {
    const stoppedReason = 'CannotPullContainerError: not found';
    const failed = (id: string): EcsTask =>
      stoppedTask([ecsContainer('web')], { taskArn: taskArn(id), stopCode: 'TaskFailedToStart', stoppedReason });
    const first = status(failed('first'));
    const second = status(failed('second'), { previous: first });
    expect(state(first)?.waiting?.reason).toBe('ErrImagePull');
    expect(state(second)?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image: ${stoppedReason}`,
    });
    expect(second.containerStatuses?.[0]?.restartCount).toBe(0);
  });
});

describe('a running pod', () => {
  test('has its address, its start and what it runs', () => {
    const found = status(ecsTask({ containers: [ecsContainer('web', { imageDigest: 'sha256:abc' })] }));
    expect(found).toMatchObject({
      phase: 'Running',
      podIP: '10.0.1.7',
      podIPs: [{ ip: '10.0.1.7' }],
      hostIP: '10.0.1.7',
      startTime: '2026-01-01T00:00:00Z',
      containerStatuses: [
        {
          name: 'web',
          state: { running: { startedAt: '2026-01-01T00:00:10Z' } },
          ready: true,
          started: true,
          restartCount: 0,
          image: 'nginx:1.27',
          imageID: 'nginx@sha256:abc',
          containerID: 'ecs://first/web',
        },
      ],
    });
    expect(conditions(found)).toEqual({
      PodReadyToStartContainers: 'True',
      Initialized: 'True',
      Ready: 'True',
      ContainersReady: 'True',
      PodScheduled: 'True',
    });
  });

  test('answers the same status when it is asked again later', () => {
    const first = status(ecsTask());
    expect(status(ecsTask(), { previous: first, now: '2026-01-01T09:00:00Z' })).toEqual(first);
  });

  test('dates a condition when it changes, and only then', () => {
    const first = status(pending('PENDING'), { now: '2026-01-01T00:00:05Z' });
    const second = status(ecsTask(), { previous: first, now: '2026-01-01T00:00:15Z' });
    const dates = Object.fromEntries((second.conditions ?? []).map((each) => [each.type, each.lastTransitionTime]));
    expect(dates).toMatchObject({ Ready: '2026-01-01T00:00:15Z', PodScheduled: '2026-01-01T00:00:05Z' });
  });

  test('keeps conditions and fields of others', () => {
    const previous: PodStatus = {
      qosClass: 'Guaranteed',
      conditions: [{ type: 'example.com/gate', status: 'True' }],
    };
    const found = status(ecsTask(), { previous });
    expect(found.qosClass).toBe('Guaranteed');
    expect(conditions(found)['example.com/gate']).toBe('True');
  });

  const exec = { exec: { command: ['true'] } };
  const health = (healthStatus: 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN' | undefined): EcsTask =>
    ecsTask({ containers: [ecsContainer('web', { healthStatus })] });
  test.each([
    ['no probe', {}, 'UNKNOWN', { ready: true, started: true }],
    ['no probe', {}, 'UNHEALTHY', { ready: false, started: true }],
    ['a readiness probe', { readinessProbe: exec }, 'UNKNOWN', { ready: false, started: true }],
    ['a readiness probe', { readinessProbe: exec }, undefined, { ready: false, started: true }],
    ['a readiness probe', { readinessProbe: exec }, 'HEALTHY', { ready: true, started: true }],
    ['a readiness probe', { readinessProbe: exec }, 'UNHEALTHY', { ready: false, started: true }],
    ['a liveness probe', { livenessProbe: exec }, 'UNKNOWN', { ready: true, started: true }],
    ['a liveness probe', { livenessProbe: exec }, 'UNHEALTHY', { ready: false, started: true }],
    ['a startup probe', { startupProbe: exec }, 'UNKNOWN', { ready: false, started: false }],
    ['a startup probe', { startupProbe: exec }, 'HEALTHY', { ready: true, started: true }],
    ['an httpGet probe', { readinessProbe: { httpGet: { port: 80 } } }, 'UNKNOWN', { ready: false, started: true }],
  ] as const)('with %s, %j, and health %s is judged by it', (...[, probes, healthStatus, expected]) => {
    const withProbes: PodSpec = { containers: [{ name: 'web', image: 'nginx', ...probes }] };
    expect(status(health(healthStatus), { spec: withProbes }).containerStatuses?.[0]).toMatchObject(expected);
  });

  test('stays ready when an event tells nothing of health, and is not when the next container is another', () => {
    const withProbe: PodSpec = { containers: [{ name: 'web', image: 'nginx', readinessProbe: exec }] };
    const ready = status(health('HEALTHY'), { spec: withProbe });
    const event = status(health(undefined), { spec: withProbe, previous: ready });
    expect(event.containerStatuses?.[0]?.ready).toBe(true);
    const other = status({ ...health(undefined), taskArn: taskArn('second') }, { spec: withProbe, previous: ready });
    expect(other.containerStatuses?.[0]?.ready).toBe(false);
  });

  test.each([
    ['HEALTHY', 'HEALTHY', true],
    ['HEALTHY', 'UNKNOWN', true],
    ['HEALTHY', undefined, true],
    ['HEALTHY', 'UNHEALTHY', false],
    ['UNKNOWN', 'HEALTHY', false],
    ['UNHEALTHY', 'HEALTHY', false],
  ] as const)('whose check is %s and whose readiness is told as %s has ready %s', (own, told, ready) => {
    const spec: PodSpec = {
      containers: [
        { name: 'web', image: 'nginx', readinessProbe: exec },
        { name: 'plain', image: 'nginx' },
      ],
    };
    const task = ecsTask({
      containers: [
        ecsContainer('web', { healthStatus: own }),
        ecsContainer('plain', { healthStatus: 'UNKNOWN' }),
        ecsContainer('skiff-readiness', { healthStatus: told }),
        ecsContainer('skiff-toolbox', { lastStatus: 'STOPPED', exitCode: 0 }),
      ],
    });
    const { containerStatuses } = status(task, { spec });
    expect(containerStatuses?.map((each) => [each.name, each.ready])).toEqual([
      ['web', ready],
      ['plain', true],
    ]);
  });

  test('is ready by its own check when the container that tells of readiness has ended', () => {
    const spec: PodSpec = { containers: [{ name: 'web', image: 'nginx', readinessProbe: exec }] };
    const task = ecsTask({
      containers: [
        ecsContainer('web', { healthStatus: 'HEALTHY' }),
        ecsContainer('skiff-readiness', { healthStatus: 'UNHEALTHY', lastStatus: 'STOPPED', exitCode: 137 }),
      ],
    });
    expect(status(task, { spec }).containerStatuses?.[0]?.ready).toBe(true);
  });

  test('stays unready when an event tells nothing of health', () => {
    const spec: PodSpec = { containers: [{ name: 'web', image: 'nginx', readinessProbe: exec }] };
    const containers = (own: 'HEALTHY' | undefined, told: 'UNHEALTHY' | undefined) =>
      ecsTask({
        containers: [
          ecsContainer('web', { healthStatus: own }),
          ecsContainer('skiff-readiness', { healthStatus: told }),
        ],
      });
    const unready = status(containers('HEALTHY', 'UNHEALTHY'), { spec });
    const event = status(containers(undefined, undefined), { spec, previous: unready });
    expect(event.containerStatuses?.[0]?.ready).toBe(false);
  });

  test('names its unready containers', () => {
    const two: PodSpec = {
      containers: [
        { name: 'web', readinessProbe: exec },
        { name: 'b', readinessProbe: exec },
      ],
    };
    const found = status(ecsTask({ containers: [ecsContainer('web'), ecsContainer('b')] }), { spec: two });
    expect(found.conditions?.find((condition) => condition.type === 'Ready')).toMatchObject({
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [web b]',
    });
  });
});

describe('a pod that ends', () => {
  const ending = (exitCode: number, reason?: string): EcsTask =>
    stoppedTask([ecsContainer('web', { exitCode, reason })]);
  test.each([
    { restartPolicy: 'Never', exitCode: 0, phase: 'Succeeded', reason: 'Completed' },
    { restartPolicy: 'Never', exitCode: 3, phase: 'Failed', reason: 'Error' },
    { restartPolicy: 'OnFailure', exitCode: 0, phase: 'Succeeded', reason: 'Completed' },
  ])('with restart policy $restartPolicy and exit code $exitCode is $phase', (ended) => {
    const { restartPolicy, exitCode, phase, reason } = ended;
    const found = status(ending(exitCode), { spec: { ...spec, restartPolicy } });
    expect(found.phase).toBe(phase);
    expect(state(found)).toEqual({
      terminated: {
        exitCode,
        reason,
        startedAt: '2026-01-01T00:00:10Z',
        finishedAt: '2026-01-01T00:01:00Z',
        containerID: 'ecs://first/web',
      },
    });
    expect(conditions(found)).toMatchObject({ Ready: 'False', PodReadyToStartContainers: 'False' });
  });

  test.each([
    ['Always', 0],
    ['Always', 1],
    ['OnFailure', 1],
  ])('with restart policy %s and exit code %i waits to be started again', (restartPolicy, exitCode) => {
    const found = status(ending(exitCode), { spec: { ...spec, restartPolicy } });
    expect(found.phase).toBe('Running');
    expect(found.containerStatuses?.[0]).toMatchObject({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode } },
      ready: false,
    });
  });

  test('out of memory says so', () => {
    const found = status(ending(137, 'OutOfMemoryError: Container killed due to memory usage'), {
      spec: { ...spec, restartPolicy: 'Never' },
    });
    expect(state(found)?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test.each([
    ['SpotInterruption', 'Evicted'],
    ['TerminationNotice', 'Evicted'],
    ['InfrastructureHealth', 'NodeLost'],
  ])('by %s has failed with reason %s, whatever its restart policy', (stopCode, reason) => {
    const found = status(
      stoppedTask([ecsContainer('web', { exitCode: 143 })], { stopCode, stoppedReason: 'AWS said so' }),
    );
    expect(found).toMatchObject({ phase: 'Failed', reason, message: 'AWS said so' });
  });

  test('because somebody stopped it ends by its exit codes', () => {
    const stopped = (exitCode: number): EcsTask =>
      stoppedTask([ecsContainer('web', { exitCode })], { stopCode: 'UserInitiated' });
    expect(status(stopped(0)).phase).toBe('Succeeded');
    expect(status(stopped(137))).toMatchObject({ phase: 'Failed' });
    expect(status(stopped(137)).reason).toBeUndefined();
  });

  test('before its container ever ran tells that nothing is known of it', () => {
    const found = status(stoppedTask([ecsContainer('web')], { stopCode: 'UserInitiated', stoppedReason: 'deleted' }));
    expect(found.phase).toBe('Failed');
    expect(state(found)?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'ContainerStatusUnknown',
      message: 'deleted',
    });
  });

  test('whose init container has failed never tried its other containers', () => {
    const reason =
      'CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [init(a) (STOPPED->RUNNING) - Exit: 1] for target [web(nginx:1.27) (NONE->RUNNING)]';
    const task = stoppedTask([ecsContainer('init', { exitCode: 1 }), ecsContainer('web', { exitCode: 143, reason })], {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'Task failed to start',
    });
    const found = status(task, { spec: { ...spec, initContainers: [{ name: 'init', image: 'a' }] } });
    expect(state(found)).toEqual({ waiting: { reason: 'PodInitializing' } });
    expect(found.containerStatuses?.[0]).toMatchObject({ restartCount: 0, started: false });
    expect(found.initContainerStatuses?.[0]?.lastState?.terminated).toMatchObject({ exitCode: 1, reason: 'Error' });
  });

  test('with a failed init container fails or waits by its restart policy', () => {
    const task = stoppedTask([ecsContainer('init', { exitCode: 1 }), ecsContainer('web')], {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'init failed',
    });
    const withInit = { ...spec, initContainers: [{ name: 'init', image: 'a' }] };
    expect(status(task, { spec: { ...withInit, restartPolicy: 'Never' } }).phase).toBe('Failed');
    const waiting = status(task, { spec: withInit });
    expect(waiting.phase).toBe('Pending');
    expect(waiting.initContainerStatuses?.[0]?.state).toMatchObject({ waiting: { reason: 'CrashLoopBackOff' } });
  });

  test('answers the same status when it is asked again later', () => {
    for (const restartPolicy of ['Always', 'Never', 'OnFailure']) {
      const ended = status(ending(1), { spec: { ...spec, restartPolicy } });
      const again = status(ending(1), {
        spec: { ...spec, restartPolicy },
        previous: ended,
        now: '2026-01-02T00:00:00Z',
      });
      expect(again).toEqual(ended);
    }
  });
});

describe('a pod that is started again', () => {
  const crash = (id: string): EcsTask => stoppedTask([ecsContainer('web', { exitCode: 1 })], { taskArn: taskArn(id) });

  test('counts its restarts once each and remembers how it ended', () => {
    let found = status(ecsTask());
    const counts: (number | undefined)[] = [];
    for (const id of ['first', 'second', 'third']) {
      const start: EcsTask = { ...pending('PENDING'), taskArn: taskArn(id) };
      for (const task of [start, ecsTask({ taskArn: taskArn(id) }), crash(id), crash(id)]) {
        found = status(task, { previous: found });
        counts.push(found.containerStatuses?.[0]?.restartCount);
      }
    }
    expect(counts).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]);
  });

  test('shows the last end while the next one starts and runs', () => {
    const ended = status(crash('first'), { previous: status(ecsTask()) });
    const starting = status({ ...pending('PROVISIONING'), taskArn: taskArn('second') }, { previous: ended });
    expect(starting.containerStatuses?.[0]).toMatchObject({
      state: { waiting: { reason: 'ContainerCreating' } },
      lastState: { terminated: { exitCode: 1 } },
      containerID: 'ecs://first/web',
    });
    const running = status(ecsTask({ taskArn: taskArn('second') }), { previous: starting });
    expect(running.containerStatuses?.[0]).toMatchObject({
      state: { running: {} },
      lastState: { terminated: { exitCode: 1, containerID: 'ecs://first/web' } },
      containerID: 'ecs://second/web',
      restartCount: 1,
    });
  });

  test('counts a restart after its task vanished while it ran', () => {
    const running = status(ecsTask());
    const next = status(ecsTask({ taskArn: taskArn('second') }), { previous: running });
    expect(next.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', containerID: 'ecs://first/web' } },
    });
  });
});
