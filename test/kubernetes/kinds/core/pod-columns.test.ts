import { describe, test } from 'vitest';
import { pod, type ContainerStatus, type Pod, type PodStatus } from '../../../../kubernetes/kinds/core/pod.ts';
import type { Cell } from '../../../../kubernetes/table.ts';
import { containerOf, podOf } from '../../pod-spec/pods.ts';

const now = Date.parse('2026-01-02T03:10:00Z');
const print = (cell: Cell): unknown => (typeof cell === 'object' ? cell.at(now) : cell);
const cells = (object: Pod): Record<string, unknown> =>
  Object.fromEntries(pod.columns.map((column) => [column.name, print(column.cell(object))]));

const statusOf = (given: Partial<ContainerStatus> = {}): ContainerStatus => ({
  name: 'c',
  ready: false,
  restartCount: 0,
  image: 'nginx',
  imageID: '',
  ...given,
});
const running = statusOf({ ready: true, started: true, state: { running: {} } });
const completed = statusOf({ name: 'd', state: { terminated: { exitCode: 0, reason: 'Completed' } } });
const waiting = (reason: string): ContainerStatus => statusOf({ state: { waiting: { reason } } });

function row(status: PodStatus, given: { init?: readonly string[]; sidecar?: true; deleted?: true } = {}) {
  const initContainers = (given.init ?? []).map((name) =>
    containerOf({ name, ...(given.sidecar ? { restartPolicy: 'Always' } : {}) }),
  );
  const deleted = given.deleted ? { deletionTimestamp: '2026-01-02T03:09:00Z' } : {};
  const object = podOf({ initContainers, containers: [containerOf(), containerOf({ name: 'd' })] }, deleted);
  object.status = status;
  const { Ready, Status, Restarts } = cells(object);
  return [Ready, Status, Restarts];
}

describe('the columns of pods', () => {
  test('have the names and the order that clients know', ({ expect }) => {
    expect(pod.columns.map(({ name, wide }) => (wide ? `(${name})` : name))).toEqual([
      'Name',
      'Ready',
      'Status',
      'Restarts',
      'Age',
      '(IP)',
      '(Node)',
      '(Nominated Node)',
      '(Readiness Gates)',
    ]);
  });

  test('show what a pod is and has', ({ expect }) => {
    const gates = [{ conditionType: 'example.com/a' }, { conditionType: 'example.com/b' }];
    const object = podOf({ nodeName: 'zone-a', readinessGates: gates }, { creationTimestamp: '2026-01-02T03:05:00Z' });
    object.status = {
      phase: 'Running',
      podIP: '10.0.0.1',
      podIPs: [{ ip: '10.0.0.1' }],
      conditions: [{ type: 'example.com/a', status: 'True' }],
      containerStatuses: [running],
    };
    expect(cells(object)).toEqual({
      Name: 'p',
      Ready: '1/1',
      Status: 'Running',
      Restarts: '0',
      Age: '5m',
      IP: '10.0.0.1',
      Node: 'zone-a',
      'Nominated Node': '<none>',
      'Readiness Gates': '1/2',
    });
  });

  test('show that there is nothing yet', ({ expect }) => {
    expect(cells(podOf())).toMatchObject({
      Ready: '0/1',
      Status: '',
      Age: '<unknown>',
      IP: '<none>',
      Node: '<none>',
      'Readiness Gates': '<none>',
    });
  });
});

describe('the status of a pod is told as', () => {
  const init = { init: ['i', 'j'] };
  const ended = (exitCode: number, more: object = {}) =>
    statusOf({ name: 'i', state: { terminated: { exitCode, ...more } } });
  const start: PodStatus = { phase: 'Pending' };

  test.for<readonly [string, string, ReturnType<typeof row>]>([
    ['its phase', '0/2 Pending 0', row(start)],
    ['its reason', '0/2 Evicted 0', row({ phase: 'Failed', reason: 'Evicted' })],
    [
      'what it waits for',
      '0/2 SchedulingGated 0',
      row({ phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] }),
    ],
    ['both running', '2/2 Running 0', row({ phase: 'Running', containerStatuses: [running, running] })],
    [
      'why one waits',
      '1/2 CrashLoopBackOff 0',
      row({ phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff'), running] }),
    ],
    [
      'why the first of two waits',
      '0/2 ErrImagePull 0',
      row({ phase: 'Pending', containerStatuses: [waiting('ErrImagePull'), waiting('ImagePullBackOff')] }),
    ],
    [
      'the exit code of one that gives no reason',
      '0/2 ExitCode:3 0',
      row({ phase: 'Failed', containerStatuses: [statusOf({ state: { terminated: { exitCode: 3 } } })] }),
    ],
    [
      'the signal that ended one',
      '0/2 Signal:9 0',
      row({ phase: 'Failed', containerStatuses: [statusOf({ state: { terminated: { exitCode: 137, signal: 9 } } })] }),
    ],
    ['completed', '0/2 Completed 0', row({ phase: 'Succeeded', containerStatuses: [completed, completed] })],
    [
      'not ready when one is done',
      '1/2 NotReady 0',
      row({ phase: 'Running', containerStatuses: [running, completed] }),
    ],
    [
      'running when one is done and the pod ready',
      '1/2 Running 0',
      row({
        phase: 'Running',
        containerStatuses: [running, completed],
        conditions: [{ type: 'Ready', status: 'True' }],
      }),
    ],
    ['beginning', '0/2 Init:0/2 0', row({ ...start, initContainerStatuses: [waiting('PodInitializing')] }, init)],
    [
      'having begun',
      '0/2 Init:1/2 0',
      row({ ...start, initContainerStatuses: [ended(0), statusOf({ name: 'j', state: { running: {} } })] }, init),
    ],
    [
      'failing to begin',
      '0/2 Init:ImagePullBackOff 0',
      row({ ...start, initContainerStatuses: [waiting('ImagePullBackOff')] }, init),
    ],
    [
      'having failed to begin',
      '0/2 Init:Error 0',
      row({ ...start, initContainerStatuses: [ended(1, { reason: 'Error' })] }, init),
    ],
    ['having failed with a code', '0/2 Init:ExitCode:2 0', row({ ...start, initContainerStatuses: [ended(2)] }, init)],
    [
      'having failed by a signal',
      '0/2 Init:Signal:9 0',
      row({ ...start, initContainerStatuses: [ended(137, { signal: 9 })] }, init),
    ],
    [
      'running with its sidecars',
      '4/4 Running 0',
      row(
        {
          phase: 'Running',
          initContainerStatuses: [
            { ...running, name: 'i' },
            { ...running, name: 'j' },
          ],
          containerStatuses: [running, running],
        },
        { ...init, sidecar: true },
      ),
    ],
    [
      'stopping',
      '2/2 Terminating 0',
      row({ phase: 'Running', containerStatuses: [running, running] }, { deleted: true }),
    ],
    [
      'done, though deleted',
      '0/2 Completed 0',
      row({ phase: 'Succeeded', containerStatuses: [completed] }, { deleted: true }),
    ],
    ['unknown on a lost node', '0/2 Unknown 0', row({ phase: 'Running', reason: 'NodeLost' }, { deleted: true })],
    [
      'restarted some time ago',
      '1/2 Running 3 (5m ago)',
      row({
        phase: 'Running',
        containerStatuses: [
          {
            ...running,
            restartCount: 2,
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-02T03:05:00Z' } },
          },
          statusOf({
            restartCount: 1,
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-01-02T03:01:00Z' } },
          }),
        ],
      }),
    ],
    [
      'restarted at a time that nobody knows',
      '1/2 Running 2',
      row({ phase: 'Running', containerStatuses: [{ ...running, restartCount: 2 }] }),
    ],
  ])('%s: %s', ([, text, printed], { expect }) => {
    expect(printed.join(' ')).toBe(text);
  });

  test('an age that grows while the pod does not change', ({ expect }) => {
    const object = podOf({}, { creationTimestamp: '2026-01-02T03:05:00Z' });
    const age = pod.columns.find((column) => column.name === 'Age')?.cell(object);
    expect(typeof age === 'object' && [age.at(now), age.at(now + 60_000)]).toEqual(['5m', '6m']);
  });
});

test.for([
  [
    'Succeeded',
    [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }],
  ],
  ['Failed', [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]],
  ['Running', []],
] as const)('the row of a pod that is %s has the conditions %j', ([phase, conditions], { expect }) => {
  expect(pod.rowConditions?.({ ...podOf(), status: { phase } })).toEqual(conditions);
});
