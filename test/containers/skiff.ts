import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readLines } from '../../local/checked-lines.ts';
import { restore } from '../../local/ecs/snapshot.ts';
import { run, start } from '../cli/run-skiff.ts';
import { type Client, client } from '../kubectl/support/client.ts';
import { forEachKubectl } from '../kubectl/support/for-each-kubectl.ts';
import { type RunningSkiff, startSkiff } from '../kubectl/support/skiff.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { images, onRealContainers } from './support/engine.ts';
import { patience } from './support/patience.ts';

const deployment = (name: string, container: object, replicas = 1): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 2, containers: [{ name, ...container }] },
      },
    },
  });

/** Says when it began, and says what it is told to. */
const talker = {
  image: images.busybox,
  command: ['sh', '-c', 'echo begun; echo hello >/tmp/index.html; exec httpd -f -p 8080 -h /tmp'],
};

onRealContainers('skiff up on an engine', (engine) => {
  beforeAll(() => {
    vi.stubEnv('DOCKER_HOST', engine().url);
    vi.stubEnv('SKIFF_TOOLBOX_IMAGE', images.busybox);
  });
  afterAll(() => void vi.unstubAllEnvs());

  const runningContainers = async (name: string): Promise<string[]> =>
    (await engine().podman('ps', '-q', '--filter', `label=dev.skiff.container=${name}`)).split('\n').filter(Boolean);

  forEachKubectl((binary) => {
    describe('in the hand of kubectl', () => {
      let skiff: RunningSkiff;
      let kubectl: Client;
      beforeAll(async () => {
        skiff = await startSkiff(['--runtime', 'docker']);
      });
      afterAll(async () => void (await skiff?.stop()));
      beforeEach(() => {
        kubectl = client(skiff, binary);
      });
      const podOf = async (app: string): Promise<string> =>
        (await kubectl.ok(`get pods -l app=${app} -o name`)).trim().split('\n')[0]?.replace('pod/', '') ?? '';
      const deploy = async (name: string, container: object, replicas = 1): Promise<string> => {
        await kubectl.ok('apply -f -', { stdin: deployment(name, container, replicas) });
        await kubectl.ok(`rollout status deployment/${name} --timeout=60s`);
        return podOf(name);
      };

      test('the nodes say what runs the containers', async () => {
        expect(await kubectl.ok('get nodes -o wide')).toContain('podman://');
      });

      test('logs are read, followed, and cut', async () => {
        const pod = await deploy('logs', talker, 2);
        expect(await kubectl.ok(`logs ${pod}`)).toBe('begun\n');
        expect(await kubectl.ok(`logs ${pod} --timestamps`)).toMatch(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z begun\n$/,
        );
        expect((await kubectl.ok('logs -l app=logs --prefix')).trim().split('\n')).toHaveLength(2);
        expect(await kubectl.ok(`logs ${pod} --limit-bytes=3`)).toBe('beg');
        const none = await kubectl.fails(`logs ${pod} --previous`);
        expect(none).toContain(`previous terminated container "logs" in pod "${pod}" not found`);
        const follow = kubectl.start(`logs -f ${pod}`);
        await follow.printed(/begun/);
        await kubectl.ok(['exec', pod, '--', 'sh', '-c', 'echo more >/proc/1/fd/1']);
        await follow.printed(/more/);
        await follow.stop();
      });

      const transports = [
        ['WebSocket', 'true'],
        ['SPDY', 'false'],
      ] as const;
      // Other versions choose for themselves: WebSocket since 1.30 and 1.31.
      describe.each(binary.name === 'kubectl' ? transports : transports.slice(0, 1))('over %s', (_name, webSockets) => {
        const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: webSockets, KUBECTL_PORT_FORWARD_WEBSOCKETS: webSockets };

        test('commands have their streams and their exit codes', async () => {
          const pod = await deploy('exec', talker);
          const command = ['exec', '-i', pod, '--', 'sh', '-c', 'wc -c; echo no >&2; exit 3'];
          const outcome = await kubectl.start(command, { stdin: 'x'.repeat(300_000), env }).ended;
          expect(outcome.stdout).toBe('300000\n');
          expect(outcome.stderr).toContain('no\n');
          expect(outcome.code).toBe(3);
        });

        test('files are copied both ways', async () => {
          const pod = await deploy('exec', talker);
          const folder = await temporaryDirectory();
          const text = 'a line of the file\n'.repeat(100_000);
          writeFileSync(join(folder, 'there'), text);
          await kubectl.ok(`cp ${join(folder, 'there')} ${pod}:/tmp/copied`, { env });
          expect(await kubectl.ok(`exec ${pod} -- cat /tmp/copied`, { env })).toBe(text);
          await kubectl.ok(`cp ${pod}:/tmp/copied ${join(folder, 'back')}`, { env });
          expect(readFileSync(join(folder, 'back'), 'utf8')).toBe(text);
        });

        test('ports are forwarded, to pods and to deployments', async () => {
          await deploy('exec', talker);
          const forward = kubectl.start('port-forward deployment/exec :8080', { env });
          const [, port = ''] = await forward.printed(/127\.0\.0\.1:(\d+) -> 8080/);
          const answers = await Promise.all(
            [1, 2, 3].map(async () => (await fetch(`http://127.0.0.1:${port}/`)).text()),
          );
          expect(answers).toEqual(['hello\n', 'hello\n', 'hello\n']);
          await forward.stop();
        });
      });

      // The same whoever asks.
      if (binary.name === 'kubectl') {
        test('a container that is killed is replaced, and an Event says why', async () => {
          const before = await deploy('killed', talker);
          const [container = ''] = await runningContainers('killed');
          const pid = Number(await engine().podman('inspect', '--format', '{{.State.Pid}}', container));
          process.kill(pid, 'SIGKILL');
          await expect.poll(() => kubectl.ok('get events'), { timeout: patience }).toContain('exit code 137');
          await expect
            .poll(() => kubectl.ok('get pods -l app=killed --no-headers'), { timeout: patience })
            .toMatch(/^\S+ +1\/1 +Running[^\n]*\n$/);
          expect(await podOf('killed')).not.toBe(before);
        });

        test('a database that is killed comes back, and its pod counts it', async () => {
          const manifest = {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'database' },
            spec: {
              volumes: [{ name: 'data', emptyDir: {} }],
              containers: [
                {
                  name: 'database',
                  image: images.mariadb,
                  volumeMounts: [{ name: 'data', mountPath: '/var/lib/mysql' }],
                },
              ],
            },
          };
          await kubectl.ok('apply -f -', { stdin: JSON.stringify(manifest) });
          await kubectl.ok('wait --for=condition=Ready pod/database --timeout=60s');
          const answers = (): Promise<void> =>
            expect
              .poll(
                async () => {
                  const sql = ['mariadb', '-S', '/tmp/mysql.sock', '-Ne', 'select 42'];
                  return (await skiff.kubectl(binary, ['exec', 'database', '--', ...sql]).ended).stdout;
                },
                { timeout: patience },
              )
              .toBe('42\n');
          await answers();
          const [container = ''] = await runningContainers('database');
          const pid = Number(await engine().podman('inspect', '--format', '{{.State.Pid}}', container));
          process.kill(pid, 'SIGKILL');
          await kubectl.until('get pod database -o jsonpath={.status.containerStatuses[0].restartCount}', /^1$/);
          await kubectl.ok('wait --for=condition=Ready pod/database --timeout=60s');
          await answers();
          await kubectl.ok('delete pod database');
        });

        test('a bad image does not take away what works, and the next good one is rolled out', async () => {
          await deploy('web', { image: images.nginx1 });
          const page = async (): Promise<string> => {
            const address = await kubectl.ok('get pods -l app=web -o jsonpath={.items[0].status.podIP}');
            return (await fetch(`http://${address}/`)).text();
          };
          expect(await page()).toBe('version 1\n');
          await kubectl.ok('set image deployment/web web=skiff.invalid/none:1');
          await expect.poll(() => kubectl.ok('get events'), { timeout: patience }).toContain('skiff.invalid');
          const ready = () => kubectl.ok('get deployment web -o jsonpath={.status.readyReplicas}');
          expect(await ready()).toBe('1');
          await kubectl.ok(`set image deployment/web web=${images.nginx2}`);
          await kubectl.ok('rollout status deployment/web --timeout=60s');
          await expect.poll(page, { timeout: patience }).toBe('version 2\n');
        });
      }

      test('nothing is left when it ends', async () => {
        expect(await skiff.stop()).toBe(0);
        for (const kind of [
          ['ps', '-a'],
          ['network', 'ls'],
          ['volume', 'ls'],
        ])
          expect(await engine().podman(...kind, '-q', '--filter', 'label=dev.skiff.process')).toBe('');
      });
    });
  });

  test('what runs outlives a crash, and `skiff down` takes it all', async () => {
    const data = join(await temporaryDirectory(), 'data');
    const manifests = join(await temporaryDirectory(), 'web.json');
    writeFileSync(manifests, deployment('outliving', talker, 2));
    const arguments_ = ['up', '--port', '0', '--data', data, '--runtime', 'docker'];
    const first = await start([...arguments_, '--apply', manifests]);
    await first.ready();
    await expect.poll(() => runningContainers('outliving'), { timeout: patience }).toHaveLength(2);
    // What has been written down is a moment behind.
    await expect.poll(() => savedTasks(data), { timeout: patience }).toBe(2);
    const before = await runningContainers('outliving');
    await first.kill('SIGKILL');
    expect(await runningContainers('outliving')).toEqual(before);

    const second = await start(arguments_, first.home);
    await second.ready();
    await engine().podman('kill', before[0] ?? '');
    await expect
      .poll(async () => (await runningContainers('outliving')).filter((id) => !before.includes(id)).length, {
        timeout: patience,
      })
      .toBe(1);
    expect(await runningContainers('outliving')).toContain(before[1]);
    await second.kill('SIGKILL');

    const { code, stdout } = await run('down');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^removed \d+ containers, volumes and networks\n$/),
    });
    expect(await engine().podman('ps', '-aq', '--filter', 'label=dev.skiff.installation')).toBe('');
    expect(await engine().podman('network', 'ls', '-q', '--filter', 'label=dev.skiff.installation')).toBe('');
  });
});

/** How many running tasks the emulation has written down. */
function savedTasks(data: string): number {
  const lines = [...readLines([readFileSync(join(data, 'ecs.journal'))])].map(({ parts }) => parts);
  const { tasks } = restore(lines.slice(1).flatMap((entries) => entries.map((entry) => JSON.parse(entry))));
  return [...tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
}
