import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DockerRuntime } from '../../local/containers/docker/docker-runtime.ts';
import { ownershipOf } from '../../local/containers/docker/ownership.ts';
import type { RuntimeContainer } from '../../local/containers/runtime.ts';
import { systemClock } from '../../local/system-clock.ts';
import { client } from '../kubectl/support/client.ts';
import { forEachKubectl } from '../kubectl/support/for-each-kubectl.ts';
import { images, onRealContainers } from './support/engine.ts';
import { skiffOnEngine } from './support/skiff-on-engine.ts';
import { type PrivateRegistry, startPrivateRegistry } from './support/private-registry.ts';

const credentials = { username: 'team', password: 'correct/horse+battery' };
const wrong = { username: 'team', password: 'hunter2/hunter2' };

onRealContainers('images of a private registry', (engine) => {
  let registry: PrivateRegistry;
  beforeAll(async () => {
    registry = await startPrivateRegistry(engine(), { from: images.busybox, ...credentials });
  });
  afterAll(async () => {
    // By whole names, which have the registry's own port in them; the image's id is no other image's either.
    for (const image of registry?.given ?? []) {
      const there = await engine().podman('images', '--quiet', image);
      if (there !== '') await engine().podman('rmi', image);
    }
    await registry?.stop();
  });

  describe('in the runtime', () => {
    let runtime: DockerRuntime;
    beforeAll(async () => {
      runtime = await DockerRuntime.open({
        found: engine().found,
        clock: systemClock,
        ownership: ownershipOf(undefined, randomUUID),
        toolboxImage: images.busybox,
        report: () => undefined,
      });
    });
    afterAll(() => runtime?.close());
    const container = (image: string, given?: typeof credentials): RuntimeContainer => ({
      taskId: 'task1',
      name: 'app',
      awaited: false,
      definition: { name: 'app', image },
      ...(given === undefined ? {} : { credentials: given }),
    });

    test('are pulled with the right credentials', async () => {
      expect((await runtime.pullImage(container(registry.image('right'), credentials))).digest).toMatch(/^sha256:/);
      expect(registry.authorizations.filter(Boolean)).not.toEqual([]);
    });

    test.each([
      ['wrong', wrong],
      ['no', undefined],
    ])('are refused with %s credentials, in words that tell none', async (_what, given) => {
      const refusal: unknown = await runtime
        .pullImage(container(registry.image('refused'), given))
        .catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        name: 'RuntimeFailure',
        message: expect.stringMatching(/^CannotPullContainerError: Error response from daemon: /),
      });
      expect(String(refusal)).not.toContain('hunter2');
    });

    test('are refused to who has none while somebody who has some pulls', async () => {
      const image = registry.image('contested');
      const [allowed, refused] = await Promise.allSettled([
        runtime.pullImage(container(image, credentials)),
        runtime.pullImage(container(image, wrong)),
      ]);
      expect([allowed.status, refused.status]).toEqual(['fulfilled', 'rejected']);
    });
  });

  // The same whoever asks.
  forEachKubectl((binary) => {
    describe('in the hand of kubectl', () => {
      const skiff = skiffOnEngine(engine);
      const manifest = (name: string, secret: string): string =>
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name },
          spec: {
            imagePullSecrets: [{ name: secret }],
            terminationGracePeriodSeconds: 2,
            containers: [
              {
                name: 'app',
                image: registry.image(`for-${binary.name}`),
                command: ['sh', '-c', 'echo "the password is $PASSWORD"; sleep 1000'],
                env: [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }],
              },
            ],
          },
        });

      test('a pod has them with its imagePullSecrets, and variables from a Secret', async () => {
        const kubectl = client(skiff(), binary);
        await kubectl.ok('create secret generic db --from-literal=password=swordfish');
        const create = (name: string, { username, password }: typeof credentials) =>
          kubectl.ok(
            `create secret docker-registry ${name} --docker-server=${registry.host} --docker-username=${username} --docker-password=${password}`,
          );
        await create('wrong', wrong);
        await kubectl.ok('apply -f -', { stdin: manifest('refused', 'wrong') });
        await kubectl.ok(
          'wait pod/refused --timeout=60s --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff',
        );
        const described = await kubectl.ok('describe pod refused');
        expect(described).toMatch(/Failed to pull image "127\.0\.0\.1:\d+\/team\/for-kubectl[^"]*:1"/);
        expect(described).not.toContain('hunter2');
        await kubectl.ok('delete pod refused --wait=false');

        await create('right', credentials);
        await kubectl.ok('apply -f -', { stdin: manifest('allowed', 'right') });
        await kubectl.ok('wait pod/allowed --timeout=60s --for=condition=Ready');
        expect(await kubectl.ok('logs allowed')).toBe('the password is swordfish\n');
      });
    });
  }, 1);
});
