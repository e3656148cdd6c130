import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DockerRuntime } from '../../../../local/containers/docker/docker-runtime.ts';
import type { Patience } from '../../../../local/containers/docker/engine.ts';
import {
  attemptLabel,
  containerLabel,
  dataLabel,
  installationLabel,
  processLabel,
} from '../../../../local/containers/docker/labels.ts';
import { ownershipOf } from '../../../../local/containers/docker/ownership.ts';
import { sweep } from '../../../../local/containers/docker/sweep.ts';
import type { ContainerExit, RuntimeContainer } from '../../../../local/containers/runtime.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';
import { type DoubleContainer, EngineDouble } from './engine-double.ts';

interface Opened {
  readonly double: EngineDouble;
  readonly runtime: DockerRuntime;
  readonly clock: ManualClock;
}

const openOn = (double: EngineDouble, { data = '', clock = new ManualClock(), ...patience }: OpenOptions = {}) =>
  DockerRuntime.open({
    found: { engine: double.engine(patience), name: 'podman', version: '4.3.1' },
    clock,
    ownership: ownershipOf(data === '' ? undefined : data, randomUUID),
    toolboxImage: 'busybox',
    report: () => undefined,
  });

interface OpenOptions extends Partial<Patience> {
  readonly data?: string;
  readonly clock?: ManualClock;
}

async function open(options: OpenOptions = {}): Promise<Opened> {
  const double = await EngineDouble.start();
  const clock = new ManualClock();
  const runtime = await openOn(double, { clock, ...options });
  onTestFinished(async () => {
    await runtime.close();
    await double.stop();
  });
  return { double, runtime, clock };
}

const task = { taskId: 'task1', taskDefinition: { volumes: [{ name: 'v' }] }, availabilityZone: 'us-east-1a' };
const app: RuntimeContainer = { taskId: 'task1', name: 'app', awaited: false, definition: { image: 'app:1' } };

async function start(runtime: DockerRuntime): Promise<{ readonly exit: Promise<ContainerExit> }> {
  let tell: (exit: ContainerExit) => void = () => undefined;
  const exit = new Promise<ContainerExit>((resolve) => (tell = resolve));
  await runtime.startContainer(app, (ending) => tell(ending));
  return { exit };
}

/** The task with its container runs, and the engine's events are followed. */
async function running(opened: Opened): ReturnType<typeof start> {
  await opened.runtime.createTask(task);
  const started = await start(opened.runtime);
  await followed(opened.double);
  return started;
}

const followed = (double: EngineDouble): Promise<void> => expect.poll(() => double.followed).toBe(true);

/** The engine's service is killed, and comes again. */
async function restart(double: EngineDouble, meanwhile: () => void = () => undefined): Promise<void> {
  await double.stop();
  meanwhile();
  await double.listen();
}

const everything = (double: EngineDouble): string[] => [
  ...[...double.containers.values()].map(({ name }) => name),
  ...double.networks.keys(),
  ...double.volumes.keys(),
];

describe('an engine that is restarted', () => {
  test('tells the end of a container that it had been asked for before', async () => {
    const opened = await open();
    const { exit } = await running(opened);
    await restart(opened.double);
    await followed(opened.double);
    opened.double.end(opened.double.named('app-0'), 7);
    expect(await exit).toMatchObject({ exitCode: 7 });
  });

  test('tells the end that came while it was away', async () => {
    const opened = await open();
    const { exit } = await running(opened);
    await restart(opened.double, () => opened.double.end(opened.double.named('app-0'), 7));
    expect(await exit).toMatchObject({ exitCode: 7 });
  });

  test('ends what runs in a network that ended while it was away', async () => {
    const opened = await open();
    const { exit } = await running(opened);
    await restart(opened.double, () => opened.double.end(opened.double.named('task1'), 137));
    expect(await exit).toMatchObject({ exitCode: 137 });
    expect(opened.double.named('app-0').signals).toEqual(['SIGKILL']);
  });

  test('that tells no events is asked for the ends', async () => {
    const opened = await open();
    opened.double.fail(/^GET \/events/, ...Array.from({ length: 100 }, () => ({ status: 500, message: 'no logger' })));
    await opened.runtime.createTask(task);
    const { exit } = await start(opened.runtime);
    opened.double.end(opened.double.named('app-0'), 7);
    expect(await exit).toMatchObject({ exitCode: 7 });
  });

  test.each(['lost', 'cut', 'refused'] as const)('makes each thing once, though its answers are %s', async (fault) => {
    const { double, runtime } = await open();
    double.fail(/^POST \/networks\/create/, fault);
    double.fail(/^POST \/volumes\/create/, fault);
    double.fail(/^POST \/containers\/create/, fault, fault);
    double.fail(/^POST .*\/start/, fault, fault);
    double.fail(/^GET .*\/json/, fault, fault, fault);
    await runtime.createTask(task);
    await start(runtime);
    expect([...double.containers.values()].map(({ running: runs }) => runs)).toEqual([true, true]);
    expect(everything(double)).toHaveLength(4);
    double.fail(/^DELETE/, fault, fault, fault);
    await runtime.removeTask('task1');
    expect(everything(double)).toHaveLength(1);
  });
});

describe('an engine that does not answer', () => {
  const patience = { answerMilliseconds: { GET: 1500, POST: 1500, DELETE: 1500 } };

  test('does not keep a task from its end', async () => {
    const { double, runtime } = await open(patience);
    await runtime.createTask(task);
    double.fail(/^POST .*\/start/, 'silence');
    await expect(start(runtime)).rejects.toThrow('CannotStartContainerError: Error response from daemon: no answer');
    double.fail(/^DELETE/, 'silence');
    double.fail(/^GET .*\/json/, 'silence');
    await runtime.removeTask('task1');
    expect(everything(double)).toHaveLength(1);
  });

  test('is asked to remove what it makes after all, later', async () => {
    const { double, runtime, clock } = await open(patience);
    await runtime.createTask(task);
    double.fail(/^POST \/containers\/create/, 'silence');
    await expect(start(runtime)).rejects.toThrow('CannotCreateContainerError: Error response from daemon: no answer');
    const { name, labels } = double.named('task1');
    await runtime.removeTask('task1');
    const late = { id: 'late', name, labels, networkMode: '', running: true, begun: true, exitCode: 0 };
    double.containers.set('late', { ...late, signals: [] });
    await clock.advance(10_000);
    await expect.poll(() => double.containers.size).toBe(0);
  });
});

describe('a container', () => {
  test('that has ended before its signal is no error', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    await start(runtime);
    double.before = (request) => {
      if (!request.endsWith('/kill')) return;
      double.before = () => undefined;
      double.end(double.named('app-0'), 0);
    };
    await runtime.stopContainer(app, 1);
    expect(double.named('app-0').signals).toEqual([]);
  });

  test('is killed when its network ended while it was started', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    await followed(double);
    const asked = double.requests.length;
    double.before = (request) => {
      if (request.endsWith('/start')) double.end(double.named('task1'), 137);
    };
    const { exit } = await start(runtime);
    expect(await exit).toMatchObject({ exitCode: 137 });
    expect(double.requests.slice(asked).some((request) => request.endsWith('/kill'))).toBe(true);
  });
});

describe('a container whose image is there', () => {
  const made = (double: EngineDouble): string[] =>
    double.requests.filter((each) => each.endsWith('/containers/create'));

  test('is made before it is to be started, once', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    await runtime.pullImage(app);
    await runtime.pullImage(app);
    await expect.poll(() => made(double)).toHaveLength(2);
    expect(double.named('app-0').running).toBe(false);
    await start(runtime);
    expect(double.named('app-0').running).toBe(true);
    expect(made(double)).toHaveLength(2);
  });

  test('is made when the one before it in its task has been', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    let making = 0;
    let most = 0;
    double.before = async (request) => {
      if (!request.endsWith('/containers/create')) return;
      making += 1;
      most = Math.max(most, making);
      // Whoever does not wait comes now.
      await double.engine().call('GET', '/networks');
      making -= 1;
    };
    const names = ['one', 'two', 'three'];
    await Promise.all(names.map((name) => runtime.pullImage({ ...app, name })));
    await expect.poll(() => made(double)).toHaveLength(1 + names.length);
    expect(most).toBe(1);
  });

  test('and cannot be made says so when it is to be started', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    double.fail(/^POST \/containers\/create/, { status: 500, message: 'no such user' });
    await runtime.pullImage(app);
    await expect(start(runtime)).rejects.toThrow(
      'CannotCreateContainerError: Error response from daemon: no such user',
    );
  });

  test('goes with its task, though it was never started', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    await runtime.pullImage(app);
    await expect.poll(() => made(double)).toHaveLength(2);
    await runtime.removeTask('task1');
    expect(double.containers.size).toBe(0);
  });

  test('is not left behind when its task is removed while it is made', async () => {
    const { double, runtime } = await open();
    await runtime.createTask(task);
    double.before = (request) => {
      if (!request.endsWith('/containers/create')) return;
      double.before = () => undefined;
      return runtime.removeTask('task1');
    };
    await runtime.pullImage(app);
    await expect.poll(() => made(double)).toHaveLength(2);
    await expect.poll(() => double.requests.at(-1)).toMatch(/^DELETE \/containers\//);
    await expect.poll(() => double.containers.size).toBe(0);
  });

  test('is started by the next process when this one has only made it', async () => {
    const double = await EngineDouble.start();
    const data = await temporaryDirectory();
    const crashed = await openOn(double, { data });
    await crashed.createTask(task);
    await crashed.pullImage(app);
    await expect.poll(() => made(double)).toHaveLength(2);
    const next = await openOn(double, { data });
    next.adoptTask(task);
    await start(next);
    expect(double.named('app-0').running).toBe(true);
    expect(double.containers.size).toBe(2);
    await crashed.close();
    await next.close();
    await double.stop();
  });
});

describe('what is removed', () => {
  test('by somebody else at the same time is gone when the removal answers', async () => {
    const opened = await open();
    const { double, runtime } = opened;
    await running(opened);
    const busy = { status: 409, message: 'removal of container is already in progress' };
    double.fail(/^DELETE \/containers/, busy, busy);
    double.fail(/^DELETE \/volumes/, { status: 409, message: 'volume is in use' });
    await runtime.removeTask('task1');
    expect(everything(double)).toHaveLength(1);
  });

  test('is looked for again when the engine cannot tell while others remove, and each thing is counted once', async () => {
    const opened = await open();
    const { double } = opened;
    await running(opened);
    double.fail(/^GET \/networks/, { status: 500, message: 'no such container' });
    double.fail(/^GET \/containers\/json/, { status: 404, message: 'no such container' });
    expect(await sweep(double.engine(), { label: installationLabel })).toBe(4);
    expect(everything(double)).toEqual([]);
  });

  test('with a task is found without a look at the networks, which costs Podman a look into every container', async () => {
    const opened = await open();
    await running(opened);
    const asked = opened.double.requests.length;
    await opened.runtime.removeTask('task1');
    expect(opened.double.requests.slice(asked)).not.toContain('GET /networks');
  });

  test('takes what was made meanwhile with it', async () => {
    const opened = await open();
    const { double, runtime } = opened;
    await running(opened);
    const pause = double.named('task1');
    let added = false;
    double.before = (request) => {
      if (added || !request.startsWith('DELETE')) return;
      added = true;
      const labels = { ...pause.labels, [containerLabel]: 'late', [attemptLabel]: '0' };
      const late = { id: 'late', name: `${pause.name}-late-0`, labels, running: true, begun: true, exitCode: 0 };
      double.containers.set('late', { ...late, networkMode: `container:${pause.id}`, signals: [] });
    };
    await runtime.removeTask('task1');
    expect(double.containers.size).toBe(0);
  });

  test('is not made up for when the engine will not', async () => {
    const opened = await open();
    await running(opened);
    opened.double.fail(/^GET \/volumes/, 'silence');
    const engine = opened.double.engine({ answerMilliseconds: { GET: 1500, POST: 1500, DELETE: 1500 } });
    await expect(sweep(engine, { label: installationLabel })).rejects.toThrow('no answer to GET /volumes');
  });

  test('does not wait for what cannot be removed', async () => {
    const opened = await open();
    const { double } = opened;
    await running(opened);
    const stuck = double.named('app-0').id;
    const device = { status: 500, message: 'device or resource busy' };
    double.fail(new RegExp(`^DELETE /containers/${stuck}`), ...Array.from({ length: 8 }, () => device));
    await sweep(double.engine(), { label: installationLabel });
    expect(everything(double)).toEqual([]);
    const volume = double.requests.findIndex((each) => each.startsWith('DELETE /volumes/'));
    expect(double.requests.lastIndexOf(`DELETE /containers/${stuck}`)).toBeGreaterThan(volume);
  });
});

describe('a container with the labels of an image', () => {
  /** What `docker run` makes of an image that carries these labels. */
  const labelled = (double: EngineDouble, labels: DoubleContainer['labels']): void => {
    const made = { id: 'foreign', name: 'happy_turing', networkMode: '', exitCode: 0, signals: [] };
    double.containers.set('foreign', { ...made, labels, running: true, begun: true });
  };

  test('is neither adopted nor removed', async () => {
    const double = await EngineDouble.start();
    const data = await temporaryDirectory();
    const crashed = await openOn(double, { data });
    await crashed.createTask(task);
    const { labels } = double.named('task1');
    await crashed.close();
    labelled(double, labels);
    const next = await openOn(double, { data });
    expect(next.adoptTask(task)).toBeUndefined();
    await next.removeStrays();
    expect(await sweep(double.engine(), { label: installationLabel })).toBe(0);
    await next.close();
    expect([...double.containers.keys()]).toEqual(['foreign']);
    await double.stop();
  });

  test('that Skiff has made says with every label what Skiff says', async () => {
    const opened = await open({ data: await temporaryDirectory() });
    await running(opened);
    for (const each of opened.double.containers.values())
      expect(each.labels).toMatchObject({ [processLabel]: '', [dataLabel]: expect.stringContaining(':/') });
    expect(opened.double.named('task1').labels).toMatchObject({ [containerLabel]: '', [attemptLabel]: '' });
  });
});

describe('the next process', () => {
  test('opens though the engine fails at one of the containers, which is a stray then', async () => {
    const double = await EngineDouble.start();
    const data = await temporaryDirectory();
    const crashed = await openOn(double, { data });
    await crashed.createTask(task);
    await crashed.createTask({ ...task, taskId: 'task2' });
    double.fail(new RegExp(`^GET /containers/${double.named('task1').id}/json`), { status: 500, message: 'no state' });
    const next = await openOn(double, { data });
    expect(next.adoptTask(task)).toBeUndefined();
    expect(next.adoptTask({ ...task, taskId: 'task2' })).toBeDefined();
    await next.removeStrays();
    expect([...double.containers.values()].map(({ name }) => name.split('-').at(-1))).toEqual(['task2']);
    await crashed.close();
    await next.close();
    await double.stop();
  });

  test('opens while somebody removes what it finds', async () => {
    const double = await EngineDouble.start();
    const data = await temporaryDirectory();
    const crashed = await openOn(double, { data });
    await crashed.createTask(task);
    await start(crashed);
    double.before = (request) => {
      if (!request.includes('/json') || request.endsWith('/containers/json')) return;
      double.containers.clear();
    };
    const next = await openOn(double, { data });
    expect(next.adoptTask(task)).toBeUndefined();
    double.before = () => undefined;
    await crashed.close();
    await next.close();
    await double.stop();
  });

  test('goes on counting the runs of a container, though somebody has removed the first', async () => {
    const double = await EngineDouble.start();
    const data = await temporaryDirectory();
    const crashed = await openOn(double, { data });
    await crashed.createTask(task);
    for (const end of ['app-0', 'app-1']) {
      await start(crashed);
      double.end(double.named(end), 1);
    }
    double.containers.delete(double.named('app-0').id);
    const next = await openOn(double, { data });
    next.adoptTask(task);
    await start(next);
    expect(double.named('app-2').running).toBe(true);
    expect(double.named('app-1').running).toBe(false);
    await crashed.close();
    await next.close();
    await double.stop();
  });
});
