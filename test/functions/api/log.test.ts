import { describe, expect, test } from 'vitest';
import {
  type ContainerName,
  ContainerNotFound,
  type LogLine,
  type LogOptions,
  type Logs,
} from '../../../functions/api/containers.ts';
import { apiFixture } from './fixture.ts';

/** Logs that know one container, `task1/web`, and `task0/web` before it; what they were asked is noted. */
function recorded(lines: readonly string[]) {
  const asked: { container: ContainerName; options: LogOptions }[] = [];
  let returned = 0;
  const logs: Logs = {
    async *logs(container, options) {
      asked.push({ container, options });
      if (!/^task[01]$/.test(container.taskId)) throw new ContainerNotFound();
      try {
        for (const [index, text] of lines.entries())
          yield { time: Date.parse('2026-01-01T00:00:00Z') + index * 250, stream: 'stdout', text } satisfies LogLine;
        if (options.follow === true) await new Promise((resolve) => options.signal?.addEventListener('abort', resolve));
      } finally {
        returned += 1;
      }
    },
  };
  return { logs, asked, returned: () => returned };
}

type State = Readonly<Record<string, unknown>>;

const running: State = { containerID: 'ecs://task1/web', state: { running: {} } };
const status = (name: string, more: State): State => ({
  name,
  ready: true,
  restartCount: 0,
  image: 'i',
  imageID: '',
  ...more,
});

async function withPod(
  states: State[],
  { containers = ['web'], lines = ['one', 'two'], nodeName = 'fargate-a', withLogs = true, ownsTask = true } = {},
) {
  const source = recorded(lines);
  const api = await apiFixture({ ownsTask: async () => ownsTask, ...(withLogs ? { logs: source.logs } : {}) });
  const pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'p', namespace: 'shop' },
    spec: {
      nodeName,
      containers: containers.map((name) => ({ name, image: 'i' })),
      initContainers: [{ name: 'init', image: 'i' }],
    },
    status: { containerStatuses: states.map((state, index) => status(containers[index] ?? '', state)) },
  };
  const arn = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:task/skiff/${id}`;
  const notes = { task: arn('task1'), 'previous-task': arn('task0') };
  const key = { resource: 'pods', namespace: 'shop', name: 'p' };
  await api.store.transact([{ type: 'create', key, object: pod, notes }]);
  const get = (query = '') => api.send('GET', `/api/v1/namespaces/shop/pods/p/log${query}`);
  return { ...source, api, get };
}

describe('the log of a container', () => {
  test('is text', async () => {
    const { get, asked } = await withPod([running]);
    const answer = await get();
    expect(answer).toMatchObject({ status: 200, text: 'one\ntwo\n' });
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(asked).toMatchObject([{ container: { taskId: 'task1', name: 'web' }, options: { follow: false } }]);
  });

  test('has times as Go writes them', async () => {
    const { get } = await withPod([running], { lines: ['a', 'b', 'c'] });
    expect((await get('?timestamps=true')).text).toBe(
      '2026-01-01T00:00:00Z a\n2026-01-01T00:00:00.25Z b\n2026-01-01T00:00:00.5Z c\n',
    );
  });

  test.each([
    ['?limitBytes=5', 'one\nt'],
    ['?limitBytes=4', 'one\n'],
    ['?limitBytes=1', 'o'],
    ['?limitBytes=100', 'one\ntwo\n'],
  ])('is cut: %s', async (query, text) => {
    const { get, returned } = await withPod([running]);
    expect((await get(query)).text).toBe(text);
    expect(returned()).toBe(1);
  });

  test('is asked for by what matters', async () => {
    const { get, asked, api } = await withPod([running]);
    await get('?tailLines=3&sinceSeconds=60');
    await get('?sinceTime=2026-01-01T01:00:00%2B01:00');
    expect(asked.map(({ options }) => [options.tail, options.since])).toEqual([
      [3, api.clock.now() - 60_000],
      [undefined, Date.parse('2026-01-01T00:00:00Z')],
    ]);
  });

  test('is that of the run before, by its own name', async () => {
    const before = { lastState: { terminated: { exitCode: 1, containerID: 'ecs://task0/web' } } };
    const { get, asked } = await withPod([{ ...running, ...before }]);
    expect((await get('?previous=true')).status).toBe(200);
    expect(asked[0]?.container.taskId).toBe('task0');
  });

  test('ends when the client goes', async () => {
    const { api, returned } = await withPod([running]);
    const response = await api.request('GET', '/api/v1/namespaces/shop/pods/p/log?follow=true');
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('one\n');
    await reader?.cancel();
    expect(returned()).toBe(1);
  });

  test('says so when nobody has it any more', async () => {
    const { get } = await withPod([{ containerID: 'ecs://gone/web', state: { running: {} } }]);
    expect(await get()).toMatchObject({ status: 200, text: 'unable to retrieve container logs for ecs://gone/web' });
  });

  test.each([
    ['the container of a foreign task', { containerID: 'ecs://foreign/web', state: { running: {} } }],
    ['no task at all', { containerID: 'web', state: { running: {} } }],
  ])('is not that of what a client has written into the status: %s', async (_, written) => {
    const { get, asked } = await withPod([written]);
    expect((await get()).text).toBe(`unable to retrieve container logs for ${written.containerID}`);
    expect(asked).toEqual([]);
  });

  test('is not given when the task was made for another object', async () => {
    const { get, asked } = await withPod([running], { ownsTask: false });
    expect((await get()).text).toBe('unable to retrieve container logs for ecs://task1/web');
    expect(asked).toEqual([]);
  });

  test('of a pod without a node is empty', async () => {
    const { get } = await withPod([], { nodeName: '' });
    expect(await get()).toMatchObject({ status: 200, text: '' });
  });

  test('needs somebody who has logs', async () => {
    const { get } = await withPod([running], { withLogs: false });
    expect((await get()).status).toBe(501);
  });
});

describe('a log that is not to be had', () => {
  test.each<{ state: State; query?: string; message: string }>([
    {
      state: { state: { waiting: { reason: 'ContainerCreating' } } },
      message: 'container "web" in pod "p" is waiting to start: ContainerCreating',
    },
    {
      state: { state: { waiting: { reason: 'ErrImagePull' } } },
      message: 'container "web" in pod "p" is waiting to start: image can\'t be pulled',
    },
    {
      state: { state: { waiting: { reason: 'ImagePullBackOff' } } },
      message: 'container "web" in pod "p" is waiting to start: trying and failing to pull image',
    },
    { state: { state: { terminated: { exitCode: 1 } } }, message: 'container "web" in pod "p" is terminated' },
    { state: running, query: '?previous=true', message: 'previous terminated container "web" in pod "p" not found' },
    { state: running, query: '?container=zz', message: 'container zz is not valid for pod p' },
    { state: running, query: '?container=init', message: 'container "init" in pod "p" is not available' },
    { state: running, query: '?tailLines=x', message: 'strconv.ParseInt: parsing "x": invalid syntax' },
  ])('is refused with the reason: $message', async ({ state, query, message }) => {
    const { get } = await withPod([state]);
    expect(await get(query)).toMatchObject({ status: 400, body: { reason: 'BadRequest', message } });
  });

  test('asks which container is meant', async () => {
    const { get } = await withPod([running, running], { containers: ['web', 'clock'] });
    expect((await get()).body).toMatchObject({
      code: 400,
      message:
        'a container name must be specified for pod p, choose one of: [web clock] or one of the init containers: [init]',
    });
  });

  test.each([
    ['tailLines=-1', 'PodLogOptions "p" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0'],
    ['limitBytes=0', 'PodLogOptions "p" is invalid: limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 'PodLogOptions "p" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0'],
    [
      'sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
      'PodLogOptions "p" is invalid: : Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
  ])('makes no sense: %s', async (query, message) => {
    const { get } = await withPod([running]);
    expect((await get(`?${query}`)).body).toMatchObject({ code: 422, message });
  });

  test('is that of no pod', async () => {
    const { api } = await withPod([running]);
    const answer = await api.send('GET', '/api/v1/namespaces/shop/pods/none/log');
    expect(answer.body).toMatchObject({ code: 404, message: 'pods "none" not found' });
  });
});
