import { describe, expect, test } from 'vitest';
import type { ContainerExit, RuntimeContainer } from '../../../local/containers/runtime.ts';
import { SimulatedRuntime } from '../../../local/containers/simulated.ts';
import { simulateKey, type Behaviour } from '../../../translate/simulation.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const container = (behaviour?: Behaviour, more: Partial<RuntimeContainer> = {}): RuntimeContainer => ({
  taskId: 't',
  name: 'app',
  awaited: false,
  definition: {
    name: 'app',
    image: 'nginx',
    ...(behaviour === undefined ? {} : { dockerLabels: { [simulateKey]: behaviour } }),
  },
  ...more,
});

function simulate() {
  const clock = new ManualClock();
  const runtime = new SimulatedRuntime({ clock });
  const during = async <T>(work: Promise<T>): Promise<T> => {
    await clock.advance(30_000);
    return work;
  };
  return { clock, runtime, during };
}

async function ending(which: RuntimeContainer, seconds = 60): Promise<ContainerExit | 'runs'> {
  const { clock, runtime, during } = simulate();
  let ended: ContainerExit | 'runs' = 'runs';
  await during(runtime.startContainer(which, (exit) => void (ended = exit)));
  await clock.advance(seconds * 1000);
  return ended;
}

describe('a simulated container', () => {
  test('runs until it is stopped', async () => {
    expect(await ending(container())).toBe('runs');
  });
  test('ends with 0 when others wait for its end', async () => {
    expect(await ending(container(undefined, { awaited: true }))).toEqual({ exitCode: 0 });
  });
  test.each([
    ['crash', 1],
    ['exit', 0],
  ] as const)('%s ends with %i', async (behaviour, exitCode) => {
    expect(await ending(container(behaviour))).toEqual({ exitCode });
  });

  test('does what it is told by its own name, and else what all are told', async () => {
    const dockerLabels = { [simulateKey]: 'exit', [`${simulateKey}.app`]: 'crash' };
    const told = (name: string) => container(undefined, { name, definition: { name, image: 'nginx', dockerLabels } });
    expect(await ending(told('app'))).toEqual({ exitCode: 1 });
    expect(await ending(told('other'))).toEqual({ exitCode: 0 });
  });

  test.each([
    [undefined, 0],
    ['never-ready', 1],
  ] as const)('told %s, its health check ends with %i', async (behaviour, exitCode) => {
    const { runtime, during } = simulate();
    await during(runtime.startContainer(container(behaviour), () => undefined));
    expect(await runtime.execute({ taskId: 't', name: 'app' })).toEqual({ exitCode });
    expect(await runtime.execute({ taskId: 't', name: 'none' })).toEqual({});
  });

  test.each([
    [undefined, 1000, 0],
    ['slow-stop', 29_000, undefined],
    ['slow-stop', 31_000, 137],
  ] as const)(
    'told %s, it is stopped with 30 seconds and %i ms later has exit code %s',
    async (behaviour, wait, exitCode) => {
      const { clock, runtime, during } = simulate();
      const exits: ContainerExit[] = [];
      await during(runtime.startContainer(container(behaviour), (exit) => void exits.push(exit)));
      await runtime.stopContainer(container(), 30);
      await clock.advance(wait);
      expect(exits).toEqual(exitCode === undefined ? [] : [{ exitCode }]);
    },
  );

  test('slow takes long to start', async () => {
    const { clock, runtime } = simulate();
    let started = false;
    void runtime.startContainer(container('slow'), () => undefined).then(() => (started = true));
    await clock.advance(15_000);
    expect(started).toBe(false);
    await clock.advance(10_000);
    expect(started).toBe(true);
  });

  test('says what it simulates in its log', async () => {
    const { runtime, during } = simulate();
    await during(runtime.startContainer(container(), () => undefined));
    const lines: string[] = [];
    for await (const { text } of runtime.logs({ taskId: 't', name: 'app' })) lines.push(text);
    expect(lines).toEqual(['simulated: nginx']);
  });
});

describe('images', () => {
  const pull = async (image: string, behaviour?: Behaviour) => {
    const { runtime, during } = simulate();
    const { definition } = container(behaviour);
    const pulled = runtime.pullImage(container(behaviour, { definition: { ...definition, image } }));
    pulled.catch(() => undefined);
    return during(pulled);
  };
  const retried = 'CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref';

  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['bitnami/redis:7', 'docker.io/bitnami/redis:7'],
    ['localhost:5000/web:1', 'localhost:5000/web:1'],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com/web', '123456789012.dkr.ecr.us-east-1.amazonaws.com/web:latest'],
  ])('%s is not found when it is told so, in ECS’s words', async (image, name) => {
    await expect(pull(image, 'unpullable')).rejects.toThrow(`${retried} ${name}: ${name}: not found`);
  });

  test('a registry under .invalid cannot be found', async () => {
    await expect(pull('registry.invalid/shop/web:1')).rejects.toThrow(
      `${retried} registry.invalid/shop/web:1: failed to do request: Head "https://registry.invalid/v2/shop/web/manifests/1": dial tcp: lookup registry.invalid: no such host`,
    );
  });

  test('a tag stands for the same digest until somebody pushes', async () => {
    const { runtime, during } = simulate();
    const digest = async () => (await during(runtime.pullImage(container()))).digest;
    const before = await digest();
    expect(await digest()).toBe(before);
    runtime.push('nginx');
    expect(await digest()).not.toBe(before);
  });

  test('a digest is itself', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(await pull(`nginx@${digest}`)).toEqual({ digest });
  });
});

test('addresses are unique and none is a network’s own', async () => {
  const { runtime } = simulate();
  const addresses = await Promise.all(Array.from({ length: 1000 }, async () => (await runtime.createTask()).address));
  expect(new Set(addresses).size).toBe(1000);
  expect(addresses[0]).toBe('10.0.0.4');
  expect(addresses.filter((address) => /\.(0|255)$/.test(address))).toEqual([]);
});
