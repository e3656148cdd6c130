import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContainerNotFound } from '../../functions/api/containers.ts';
import {
  type ContainerExit,
  type ContainerRuntime,
  type RuntimeContainer,
  RuntimeFailure,
} from '../../local/containers/runtime.ts';
import { type Behaviour, simulateKey } from '../../translate/simulation.ts';

/** A runtime for one test. */
export interface RuntimeUnderTest {
  readonly runtime: ContainerRuntime;
  /** An image with a shell. */
  readonly image: string;
  /** Lets time pass until the promise has settled. */
  during<T>(work: Promise<T>): Promise<T>;
}

/** What containers do: in real life by the script, in the simulation by the label. */
const scripts: Readonly<Record<'runs' | 'crashes' | 'ends' | 'ignoresTerm' | 'unhealthy', [string, Behaviour?]>> = {
  runs: ['trap "exit 0" TERM; echo begun; while :; do sleep 0.1; done'],
  crashes: ['exit 1', 'crash'],
  ends: ['exit 0', 'exit'],
  ignoresTerm: ['trap "" TERM; while :; do sleep 0.1; done', 'slow-stop'],
  unhealthy: ['trap "exit 0" TERM; rm /bin/true; while :; do sleep 0.1; done', 'never-ready'],
};

/** What every implementation of ContainerRuntime has to do (local/containers/runtime.ts). */
export function describeContainerRuntime(name: string, open: () => Promise<RuntimeUnderTest>): void {
  describe(`${name} keeps the contract of ContainerRuntime`, () => {
    let under: RuntimeUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.runtime.close());

    const taskId = 'a1b2c3';
    const task = (id = taskId) =>
      under.during(
        under.runtime.createTask({ taskId: id, taskDefinition: { memory: '512' }, availabilityZone: 'us-east-1a' }),
      );
    const container = (what: keyof typeof scripts, containerName = 'app'): RuntimeContainer => {
      const [script, behaviour] = scripts[what];
      return {
        taskId,
        name: containerName,
        awaited: false,
        definition: {
          name: containerName,
          image: under.image,
          entryPoint: ['sh', '-c'],
          command: [script],
          ...(behaviour === undefined ? {} : { dockerLabels: { [simulateKey]: behaviour } }),
        },
      };
    };
    /** Starts it; `exit` is its end, `exits` are all that were told. */
    const start = async (what: RuntimeContainer) => {
      const exits: ContainerExit[] = [];
      const told = deferred();
      let answered = false;
      const starting = under.runtime.startContainer(what, (exit) => {
        expect(answered).toBe(true);
        exits.push(exit);
        told.resolve(exit);
      });
      void starting.then(() => {
        answered = true;
      });
      const started = await under.during(starting);
      return { ...started, exits, exit: () => under.during(told.promise) };
    };

    test('gives each task an address of its own', async () => {
      const [first, second] = [await task('t1'), await task('t2')];
      expect(first.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(second.address).not.toBe(first.address);
      await under.during(under.runtime.removeTask('t1'));
      await under.during(under.runtime.removeTask('t2'));
    });

    test.each([
      ['crashes', 1],
      ['ends', 0],
    ] as const)('tells once, and after the start, that a container %s with %i', async (what, exitCode) => {
      await task();
      const { exit, exits, runtimeId } = await start(container(what));
      expect(runtimeId).not.toBe('');
      expect(await exit()).toMatchObject({ exitCode });
      expect(exits).toHaveLength(1);
    });

    test('stops a container by its stop signal', async () => {
      await task();
      const { exit, exits } = await start(container('runs'));
      expect(exits).toEqual([]);
      await under.during(under.runtime.stopContainer({ taskId, name: 'app' }, 30));
      expect(await exit()).toMatchObject({ exitCode: 0 });
      await under.during(under.runtime.stopContainer({ taskId, name: 'app' }, 30));
    });

    test('kills a container that does not stop in time', async () => {
      await task();
      const { exit } = await start(container('ignoresTerm'));
      await under.during(under.runtime.stopContainer({ taskId, name: 'app' }, 1));
      expect(await exit()).toMatchObject({ exitCode: 137 });
    });

    test('starts a container again that has ended', async () => {
      await task();
      const first = await start(container('crashes'));
      expect(await first.exit()).toMatchObject({ exitCode: 1 });
      const second = await start(container('ends'));
      expect(await second.exit()).toMatchObject({ exitCode: 0 });
      expect(second.runtimeId).not.toBe('');
    });

    test('says why an image cannot be had', async () => {
      await task();
      const none = container('runs');
      const pull = under.runtime.pullImage({
        ...none,
        definition: { ...none.definition, image: 'skiff.invalid/none:1' },
      });
      const failure = await under.during(pull.catch((error: unknown) => error));
      expect(failure).toBeInstanceOf(RuntimeFailure);
      expect(String(failure)).toMatch(/CannotPullContainerError: .*skiff\.invalid/);
    });

    test('answers the same digest for the same image, and takes it', async () => {
      await task();
      const { digest } = await under.during(under.runtime.pullImage(container('runs')));
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      const repository = under.image.replace(/:[^:/]*$/, '');
      const pinned = container('runs');
      const definition = { ...pinned.definition, image: `${repository}@${digest ?? ''}` };
      expect(await under.during(under.runtime.pullImage({ ...pinned, definition }))).toEqual({ digest });
    });

    test.each([
      ['runs', 0],
      ['unhealthy', 127],
    ] as const)('checks the health of a container that %s', async (what, exitCode) => {
      await task();
      await start(container(what));
      const execute = () =>
        under.during(
          under.runtime.execute({ taskId, name: 'app' }, { command: ['sh', '-c', '/bin/true'], timeoutSeconds: 10 }),
        );
      const found = await execute();
      expect(found.exitCode === 0).toBe(exitCode === 0);
    });

    test('has logs of what runs, and none of what it does not know', async () => {
      await task();
      await start(container('runs'));
      const read = async (name: string): Promise<string[]> => {
        const lines: string[] = [];
        for await (const { text } of under.runtime.logs({ taskId, name }, {})) lines.push(text);
        return lines;
      };
      await expect.poll(() => read('app')).toHaveLength(1);
      await expect(read('other')).rejects.toThrow(ContainerNotFound);
    });

    test('removes a task whose containers run, and does so twice', async () => {
      await task();
      await start(container('ignoresTerm'));
      await under.during(under.runtime.removeTask(taskId));
      await under.during(under.runtime.removeTask(taskId));
      expect(
        await under.during(
          under.runtime.execute({ taskId, name: 'app' }, { command: ['true'], timeoutSeconds: 1 }).catch(() => ({})),
        ),
      ).toEqual({});
    });

    test('has nothing to adopt when it was the first', () => {
      expect(under.runtime.adoptTask({ taskId, taskDefinition: {}, availabilityZone: 'us-east-1a' })).toBeUndefined();
    });
  });
}

function deferred(): { promise: Promise<ContainerExit>; resolve: (exit: ContainerExit) => void } {
  let resolve = (_exit: ContainerExit): void => undefined;
  const promise = new Promise<ContainerExit>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
