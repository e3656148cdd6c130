import { beforeEach, expect, test, vi } from 'vitest';
import { type Client, client } from '../kubectl/support/client.ts';
import { forEachKubectl } from '../kubectl/support/for-each-kubectl.ts';
import { images, onRealContainers } from './support/engine.ts';
import { patience } from './support/patience.ts';
import { skiffOnEngine } from './support/skiff-on-engine.ts';

const pod = (
  name: string,
  spec: { readonly containers: readonly object[]; readonly volumes?: readonly object[] },
): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      terminationGracePeriodSeconds: 2,
      ...spec,
      containers: spec.containers.map((container) => ({ name: 'main', image: images.busybox, ...container })),
    },
  });

const forever = 'trap "exit 0" TERM; while :; do sleep 0.1; done';

onRealContainers('probes on an engine', (engine) => {
  // The same whoever asks.
  forEachKubectl((binary) => {
    const skiff = skiffOnEngine(engine);
    let kubectl: Client;
    beforeEach(() => {
      kubectl = client(skiff(), binary);
    });
    // Podman takes its time on a machine that has other things to do.
    const until = (command: string, pattern: RegExp): Promise<void> =>
      vi.waitFor(async () => expect(await kubectl.ok(command)).toMatch(pattern), { timeout: patience, interval: 250 });
    const taskOf = (name: string): Promise<string> =>
      kubectl.ok(['get', 'pod', name, '-o', 'jsonpath={.metadata.annotations.skiff\\.dev/task}']);

    test.concurrent('an image without a shell is ready when it answers, and another is not', async () => {
      const asked = (path: string) => ({
        image: images.static,
        readinessProbe: { httpGet: { path, port: 8080 }, periodSeconds: 5, timeoutSeconds: 3 },
      });
      await kubectl.ok('apply -f -', { stdin: pod('answers', { containers: [asked('/healthz')] }) });
      await kubectl.ok('apply -f -', { stdin: pod('answers-not', { containers: [asked('/nothing')] }) });
      await kubectl.ok('wait --for=condition=Ready pod/answers --timeout=60s');
      await until('get pod answers-not --no-headers', /^answers-not +0\/1 +Running/);
      expect(await kubectl.get('pod/answers')).toMatchObject({
        spec: { containers: [{ name: 'main' }] },
        status: { containerStatuses: [{ name: 'main', ready: true, restartCount: 0 }] },
      });
    });

    test.concurrent('a pod becomes unready and ready again, and goes on all the while', async () => {
      const container = {
        command: ['sh', '-c', forever],
        // Whatever a container may not do, its probes work.
        securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        readinessProbe: {
          exec: { command: ['cat', '/tmp/ready'] },
          periodSeconds: 5,
          failureThreshold: 1,
          timeoutSeconds: 3,
        },
      };
      const volumes = [{ name: 'tmp', emptyDir: { medium: 'Memory' } }];
      await kubectl.ok('apply -f -', { stdin: pod('flag', { containers: [container], volumes }) });
      await until('get pod flag --no-headers', /^flag +0\/1 +Running/);
      const task = await taskOf('flag');
      for (const [change, seen] of [
        ['touch', /^flag +1\/1 +Running +0 /],
        ['rm', /^flag +0\/1 +Running +0 /],
        ['touch', /^flag +1\/1 +Running +0 /],
      ] as const) {
        await kubectl.ok(`exec flag -- ${change} /tmp/ready`);
        await until('get pod flag --no-headers', seen);
      }
      expect(await taskOf('flag')).toBe(task);
    });

    test.concurrent('a pod is ready when its port opens, and starts again when it is found dead', async () => {
      const container = {
        command: ['sh', '-c', `touch /tmp/alive; sleep 2; httpd -p 8080; ${forever}`],
        startupProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: {
          exec: { command: ['cat', '/tmp/alive'] },
          periodSeconds: 5,
          failureThreshold: 1,
          timeoutSeconds: 3,
        },
      };
      await kubectl.ok('apply -f -', { stdin: pod('dies', { containers: [container] }) });
      await until('get pod dies --no-headers', /^dies +0\/1 +Running +0 /);
      await kubectl.ok('wait --for=condition=Ready pod/dies --timeout=60s');
      await kubectl.ok('exec dies -- rm /tmp/alive');
      await until('get pod dies -o jsonpath={.status.containerStatuses[0].restartCount}', /^1$/);
      expect(await kubectl.ok('get events --field-selector=involvedObject.name=dies')).toMatch(
        /Warning +Unhealthy +pod\/dies +Task failed container health checks/,
      );
      await kubectl.ok('wait --for=condition=Ready pod/dies --timeout=60s');
    });

    test.concurrent('the containers of a pod look names up in their namespace first', async () => {
      const sleeping = { command: ['sh', '-c', `echo mine; ${forever}`] };
      const spec = { containers: [{ ...sleeping }, { ...sleeping, name: 'other' }] };
      await kubectl.ok('apply -f -', { stdin: pod('names', spec) });
      await kubectl.ok('wait --for=condition=Ready pod/names --timeout=60s');
      for (const name of ['main', 'other'])
        expect(await kubectl.ok(`exec names -c ${name} -- cat /etc/resolv.conf`)).toMatch(
          /^search default\.svc\.cluster\.local svc\.cluster\.local cluster\.local.*\noptions ndots:5$/m,
        );
      expect(await kubectl.ok('logs names --all-containers')).toBe('mine\nmine\n');
      expect(await kubectl.fails('logs names -c skiff-toolbox')).toContain('container skiff-toolbox is not valid');
    });
  }, 1);
});
