import { randomUUID } from 'node:crypto';
import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { afterEach, describe, expect, test } from 'vitest';
import type { LogLine, LogOptions } from '../../functions/api/containers.ts';
import { DockerRuntime } from '../../local/containers/docker/docker-runtime.ts';
import { installationLabel, processLabel, taskLabel } from '../../local/containers/docker/labels.ts';
import { ownershipOf } from '../../local/containers/docker/ownership.ts';
import type { ContainerExit, RuntimeContainer } from '../../local/containers/runtime.ts';
import { systemClock } from '../../local/system-clock.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { images, onRealContainers } from './support/engine.ts';
import { patience } from './support/patience.ts';

onRealContainers('containers of an engine', (engine) => {
  const opened: DockerRuntime[] = [];
  afterEach(async () => {
    for (const runtime of opened.splice(0)) await runtime.close();
  });
  const reports: unknown[] = [];

  const open = async (dataDirectory?: string): Promise<DockerRuntime> => {
    const runtime = await DockerRuntime.open({
      found: engine().found,
      clock: systemClock,
      ownership: ownershipOf(dataDirectory, randomUUID),
      toolboxImage: images.busybox,
      report: (error) => void reports.push(error),
    });
    opened.push(runtime);
    return runtime;
  };

  const container = (name: string, script: string, more: Partial<ContainerDefinition> = {}): RuntimeContainer => ({
    taskId: 'task1',
    name,
    awaited: false,
    definition: { name, image: images.busybox, entryPoint: ['sh', '-c'], command: [script], ...more },
  });

  const task = async (runtime: DockerRuntime, definition: TaskDefinition = {}) =>
    runtime.createTask({
      taskId: 'task1',
      taskDefinition: { memory: '512', ...definition },
      availabilityZone: 'us-east-1a',
    });

  const start = async (runtime: DockerRuntime, what: RuntimeContainer) => {
    let tell: (exit: ContainerExit) => void = () => undefined;
    const exit = new Promise<ContainerExit>((resolve) => {
      tell = resolve;
    });
    const { runtimeId } = await runtime.startContainer(what, (ending) => tell(ending));
    return { exit, runtimeId };
  };

  const lines = async (runtime: DockerRuntime, name: string, options: LogOptions = {}): Promise<LogLine[]> => {
    const found: LogLine[] = [];
    for await (const line of runtime.logs({ taskId: 'task1', name }, options)) found.push(line);
    return found;
  };
  const texts = async (...args: Parameters<typeof lines>): Promise<string[]> =>
    (await lines(...args)).map(({ text }) => text);

  /** Runs a script to its end; answers what it printed. */
  const output = async (runtime: DockerRuntime, script: string, more?: Partial<ContainerDefinition>) => {
    const { exit } = await start(runtime, container('once', script, more));
    await exit;
    return texts(runtime, 'once');
  };

  describe('a task', () => {
    test('is one host to its containers, and a disk that they share', async () => {
      const runtime = await open();
      const { address } = await task(runtime, { volumes: [{ name: 'shared' }] });
      const mountPoints = [{ sourceVolume: 'shared', containerPath: '/shared' }];
      await start(
        runtime,
        container('web', 'echo hello >/shared/index.html; httpd -f -p 8080 -h /shared', { mountPoints }),
      );
      const readOnly = { mountPoints: [{ sourceVolume: 'shared', containerPath: '/in', readOnly: true }] };
      const script = 'sleep 0.5; cat /in/index.html; wget -qO- http://127.0.0.1:8080/; touch /in/x || echo refused';
      expect((await output(runtime, script, readOnly)).filter((text) => !text.startsWith('touch'))).toEqual([
        'hello',
        'hello',
        'refused',
      ]);
      expect(await (await fetch(`http://${address}:8080/`)).text()).toBe('hello\n');
    });

    test('is reached by other tasks', async () => {
      const runtime = await open();
      const { address } = await task(runtime);
      await start(runtime, container('web', 'echo hello >/tmp/index.html; httpd -f -p 80 -h /tmp'));
      await runtime.createTask({ taskId: 'task2', taskDefinition: {}, availabilityZone: 'us-east-1b' });
      const asking = { ...container('ask', `sleep 0.5; wget -qO- http://${address}/`), taskId: 'task2' };
      const { exit } = await start(runtime, asking);
      expect(await exit).toMatchObject({ exitCode: 0 });
    });

    test('ends with its network', async () => {
      const runtime = await open();
      await task(runtime);
      const { exit } = await start(runtime, container('app', 'sleep 100'));
      const pause = await engine().podman(
        'ps',
        '-q',
        '--filter',
        'label=dev.skiff.task=task1',
        '--filter',
        'name=task1$',
      );
      await engine().podman('kill', pause);
      expect(await exit).toMatchObject({ exitCode: 137 });
    });

    test('is removed once the engine is back', async () => {
      const runtime = await open();
      await task(runtime, { volumes: [{ name: 'v' }] });
      const back = engine().restart(500);
      await runtime.removeTask('task1');
      await back;
      const filter = ['-q', '--filter', 'label=dev.skiff.task=task1'];
      expect(await engine().podman('ps', '-a', ...filter)).toBe('');
      expect(await engine().podman('volume', 'ls', ...filter)).toBe('');
    });

    test('leaves nothing behind, and touches nothing that is not its own', async () => {
      const runtime = await open();
      const other = await open();
      await task(runtime, { volumes: [{ name: 'v' }] });
      await other.createTask({ taskId: 'other', taskDefinition: { volumes: [{ name: 'v' }] }, availabilityZone: 'a' });
      await start(runtime, container('app', 'sleep 100'));
      const labelled = async (kind: string[]): Promise<number> =>
        (await engine().podman(...kind, '-q', '--filter', 'label=dev.skiff.task')).split('\n').filter(Boolean).length;
      expect([await labelled(['ps', '-a']), await labelled(['volume', 'ls'])]).toEqual([3, 2]);
      await runtime.close();
      expect([await labelled(['ps', '-a']), await labelled(['volume', 'ls'])]).toEqual([1, 1]);
      await other.removeTask('other');
      expect([await labelled(['ps', '-a']), await labelled(['volume', 'ls'])]).toEqual([0, 0]);
    });
  });

  describe('a container', () => {
    test.each<{ name: string; more: Partial<ContainerDefinition>; script: string; printed: string[] }>([
      { name: 'its user', more: { user: '65534:65534' }, script: 'id -u; id -g', printed: ['65534', '65534'] },
      {
        name: 'its variables',
        more: { environment: [{ name: 'A', value: 'b c=d' }] },
        script: 'echo "$A"',
        printed: ['b c=d'],
      },
      { name: 'its working directory', more: { workingDirectory: '/tmp' }, script: 'pwd', printed: ['/tmp'] },
      {
        name: 'a root that cannot be written',
        more: { readonlyRootFilesystem: true },
        script: 'touch /x 2>/dev/null || echo no',
        printed: ['no'],
      },
      {
        name: 'limits',
        // Podman asks for its most of what is not named, and a machine may refuse that.
        more: {
          ulimits: [
            { name: 'nofile', softLimit: 100, hardLimit: 200 },
            { name: 'nproc', softLimit: 500, hardLimit: 500 },
          ],
        },
        script: 'ulimit -n; ulimit -Hn',
        printed: ['100', '200'],
      },
      {
        name: 'no capabilities',
        more: { linuxParameters: { capabilities: { drop: ['ALL'] } } },
        script: 'grep CapEff /proc/self/status',
        printed: ['CapEff:\t0000000000000000'],
      },
      {
        name: 'memory for files',
        more: { linuxParameters: { tmpfs: [{ containerPath: '/m', size: 8 }] } },
        script: 'grep -c " /m tmpfs" /proc/mounts',
        printed: ['1'],
      },
    ])('has $name', async ({ more, script, printed }) => {
      const runtime = await open();
      await task(runtime);
      expect(await output(runtime, script, more)).toEqual(printed);
    });

    test('has the memory and the share of the processors that it asks for', async () => {
      const runtime = await open();
      await task(runtime);
      const { runtimeId } = await start(
        runtime,
        container('app', 'sleep 100', { memory: 64, memoryReservation: 32, cpu: 256 }),
      );
      const format = '{{.HostConfig.Memory}} {{.HostConfig.MemoryReservation}} {{.HostConfig.CpuShares}}';
      expect(await engine().podman('inspect', '--format', format, runtimeId)).toBe('67108864 33554432 256');
    });

    test('is killed when it takes more memory than it may', async () => {
      const runtime = await open();
      await task(runtime);
      const { exit, runtimeId } = await start(runtime, container('app', 'exec tail /dev/zero', { memory: 16 }));
      const ending = await exit;
      // Podman without systemd does not tell the reason: then nobody can.
      const told = await engine().podman('inspect', '--format', '{{.State.OOMKilled}}', runtimeId);
      expect(ending).toEqual({ exitCode: 137, outOfMemory: told === 'true' });
    });

    test("stops by its image's own signal", async () => {
      const runtime = await open();
      const { address } = await task(runtime);
      const web = { taskId: 'task1', name: 'web', awaited: false, definition: { image: images.nginx1 } };
      const { exit } = await start(runtime, web);
      // A first process takes no signal for which it has not set up anything yet.
      await expect.poll(() => fetch(`http://${address}/`).then(({ ok }) => ok), { timeout: patience }).toBe(true);
      await runtime.stopContainer(web, 20);
      // nginx ends with 0 by SIGQUIT.
      expect(await exit).toMatchObject({ exitCode: 0 });
    });

    test('that cannot be started says why', async () => {
      const runtime = await open();
      await task(runtime);
      const broken = container('app', '', { entryPoint: ['/nowhere'] });
      await expect(runtime.startContainer(broken, () => undefined)).rejects.toThrow(
        /^Cannot(Start|Create)ContainerError: Error response from daemon: .*\/nowhere/,
      );
      expect(await engine().podman('ps', '-aq', '--filter', 'label=dev.skiff.container=app')).toBe('');
    });

    test('is known to have ended when somebody removes it', async () => {
      const runtime = await open();
      await task(runtime);
      const { exit, runtimeId } = await start(runtime, container('app', 'exec sleep 100'));
      await engine().podman('rm', '-f', '-t', '0', runtimeId);
      expect([undefined, 137]).toContain((await exit).exitCode);
    });

    test("is watched over while the engine's service comes and goes", async () => {
      const runtime = await open();
      await task(runtime);
      const { exit, runtimeId } = await start(runtime, container('app', 'exec sleep 100'));
      await engine().restart();
      await engine().podman('kill', runtimeId);
      expect(await exit).toMatchObject({ exitCode: 137 });
    });
  });

  describe('logs', () => {
    test('tell the streams apart, follow to the end, and can be cut', async () => {
      const runtime = await open();
      await task(runtime);
      const began = Date.now();
      const { exit } = await start(
        runtime,
        container('app', 'echo one; echo two >&2; sleep 1; echo three; printf four'),
      );
      const followed = await lines(runtime, 'app', { follow: true });
      await exit;
      expect(followed.map(({ stream, text }) => `${stream} ${text}`).toSorted()).toEqual([
        'stderr two',
        'stdout four',
        'stdout one',
        'stdout three',
      ]);
      for (const { time } of followed) expect(Math.abs(time - began)).toBeLessThan(10_000);
      expect(await texts(runtime, 'app', { tail: 1 })).toHaveLength(1);
      expect(await texts(runtime, 'app', { tail: 0 })).toEqual([]);
      expect(await texts(runtime, 'app', { since: Date.now() + 60_000 })).toEqual([]);
    });

    test('of the run before are there', async () => {
      const runtime = await open();
      await task(runtime);
      await (
        await start(runtime, container('app', 'echo first'))
      ).exit;
      await expect(texts(runtime, 'app', { previous: true })).rejects.toThrow('container not found');
      await (
        await start(runtime, container('app', 'echo second'))
      ).exit;
      expect(await texts(runtime, 'app')).toEqual(['second']);
      expect(await texts(runtime, 'app', { previous: true })).toEqual(['first']);
    });

    test('stay for a while when the task has gone', async () => {
      const runtime = await open();
      await task(runtime);
      await (
        await start(runtime, container('app', 'echo one; echo two'))
      ).exit;
      await runtime.removeTask('task1');
      expect(await texts(runtime, 'app')).toEqual(['one', 'two']);
      expect(await texts(runtime, 'app', { tail: 1 })).toEqual(['two']);
    });

    test('end when nobody wants to follow them any more', async () => {
      const runtime = await open();
      await task(runtime);
      await start(runtime, container('app', 'echo one; exec sleep 100'));
      const ending = new AbortController();
      const seen: string[] = [];
      for await (const { text } of runtime.logs(
        { taskId: 'task1', name: 'app' },
        { follow: true, signal: ending.signal },
      )) {
        seen.push(text);
        ending.abort();
      }
      expect(seen).toEqual(['one']);
    });
  });

  describe('ways in', () => {
    test('carry streams, exit codes and the size of the terminal', async () => {
      const runtime = await open();
      await task(runtime);
      await start(runtime, container('app', 'exec sleep 100'));
      const name = { taskId: 'task1', name: 'app' };
      const counting = await runtime.exec.start(name, {
        command: ['sh', '-c', 'wc -c; echo no >&2; exit 3'],
        stdin: true,
        tty: false,
      });
      for (let index = 0; index < 32; index += 1) await counting.write(Buffer.alloc(65_536, index));
      counting.endInput();
      const seen = { stdout: '', stderr: '' };
      for await (const { stream, data } of counting.output) seen[stream] += String(data);
      expect(seen).toEqual({ stdout: '2097152\n', stderr: 'no\n' });
      expect(await counting.exitCode()).toBe(3);

      const shell = await runtime.exec.start(name, { command: ['sh'], stdin: true, tty: true });
      await shell.resize({ columns: 91, rows: 17 });
      await shell.write(Buffer.from('stty size; exit 4\n'));
      let shown = '';
      for await (const { data } of shell.output) shown += String(data);
      expect(shown).toContain('17 91');
      expect(await shell.exitCode()).toBe(4);
    });

    test("join a container's own process", async () => {
      const runtime = await open();
      await task(runtime);
      const { exit } = await start(
        runtime,
        container('app', 'read line; echo "got $line"; exit 5', { interactive: true }),
      );
      const joined = await runtime.exec.attach({ taskId: 'task1', name: 'app' });
      await joined.write(Buffer.from('hello\n'));
      let shown = '';
      for await (const { data } of joined.output) shown += String(data);
      expect(shown).toContain('got hello');
      expect(await exit).toMatchObject({ exitCode: 5 });
    });

    test('give up commands that take too long', async () => {
      const runtime = await open();
      await task(runtime);
      await start(runtime, container('app', 'exec sleep 100'));
      const slow = { command: ['sleep', '20'], timeoutSeconds: 0.5 };
      expect(await runtime.execute({ taskId: 'task1', name: 'app' }, slow)).toEqual({});
    });

    test('are one for a check that is repeated, also when the engine was restarted or it took too long', async () => {
      const runtime = await open();
      await task(runtime);
      const { runtimeId } = await start(runtime, container('app', 'exec sleep 100'));
      const check = (script: string) =>
        runtime.execute(
          { taskId: 'task1', name: 'app' },
          { command: ['/bin/busybox', 'sh', '-c', script], timeoutSeconds: script.includes('sleep') ? 0.5 : 60 },
        );
      for (const exitCode of [3, 3, 3]) expect(await check('exit 3')).toEqual({ exitCode });
      const executions = () => engine().podman('inspect', '--format', '{{len .ExecIDs}}', runtimeId);
      expect(await executions()).toBe('1');
      await engine().restart();
      expect(await check('exit 3')).toEqual({ exitCode: 3 });
      expect(await check('sleep 20')).toEqual({});
      expect(await check('exit 4')).toEqual({ exitCode: 4 });
    });

    test('lead to ports, those on the loopback of the task too', async () => {
      const runtime = await open();
      await task(runtime);
      await start(
        runtime,
        container('app', 'echo in >/tmp/index.html; httpd -p 127.0.0.1:8081 -h /tmp; exec httpd -f -p 8080 -h /tmp'),
      );
      const get = async (port: number): Promise<string> => {
        const connection = await runtime.exec.connect('task1', port);
        connection.write('GET / HTTP/1.0\r\n\r\n');
        let answer = '';
        for await (const chunk of connection) answer += String(chunk);
        return answer;
      };
      await expect.poll(() => get(8080), { timeout: patience }).toMatch(/in\n$/);
      expect(await get(8081)).toMatch(/in\n$/);
      await expect(get(8082)).rejects.toThrow(/refused|cannot be made/);
    });
  });

  describe('after a crash', () => {
    test('the next process of the installation goes on with what runs', async () => {
      const data = await temporaryDirectory();
      const crashed = await open(data);
      const { address } = await task(crashed);
      await start(crashed, container('app', 'echo begun; trap "exit 9" TERM; while :; do sleep 0.1; done'));
      await start(crashed, container('ended', 'exit 2'));

      const next = await open(data);
      const definition = { taskId: 'task1', taskDefinition: { memory: '512' }, availabilityZone: 'us-east-1a' };
      expect(next.adoptTask(definition)).toEqual({ address });
      expect(next.adoptTask(definition)).toBeUndefined();
      const adopt = (name: string) =>
        new Promise<ContainerExit>((resolve) => void next.adoptContainer(container(name, ''), resolve));
      const exit = adopt('app');
      expect(await adopt('ended')).toMatchObject({ exitCode: 2 });
      expect(await adopt('never-there')).toEqual({});
      await next.removeStrays();
      expect(await texts(next, 'app')).toEqual(['begun']);
      await next.stopContainer({ taskId: 'task1', name: 'app' }, 10);
      expect(await exit).toMatchObject({ exitCode: 9 });
    });

    test('a task whose network has ended meanwhile goes, and one that is being made stays', async () => {
      const data = await temporaryDirectory();
      const crashed = await open(data);
      await task(crashed, { volumes: [{ name: 'v' }] });
      await start(crashed, container('app', 'sleep 100'));
      const filter = ['--filter', 'label=dev.skiff.task=task1'];
      await engine().podman('kill', await engine().podman('ps', '-q', ...filter, '--filter', 'name=task1$'));

      const next = await open(data);
      const making = next.createTask({ taskId: 'task2', taskDefinition: {}, availabilityZone: 'a' });
      await Promise.all([making, next.removeStrays()]);
      expect(await engine().podman('ps', '-aq', ...filter)).toBe('');
      expect(await engine().podman('volume', 'ls', '-q', ...filter)).toBe('');
      expect(await engine().podman('ps', '-q', '--filter', 'label=dev.skiff.task=task2')).not.toBe('');
    });

    test('what nobody adopts goes, and what belongs to nobody, and nothing else', async () => {
      const data = await temporaryDirectory();
      const crashed = await open(data);
      await task(crashed);
      const alive = await open();
      await alive.createTask({ taskId: 'alive', taskDefinition: {}, availabilityZone: 'a' });
      const dead = ownershipOf(undefined, randomUUID);
      const began = dead.labels[processLabel]?.replace(/:[^:]*$/, ':1') ?? '';
      const labels = ['--label', `${installationLabel}=dead`, '--label', `${processLabel}=${began}`];
      const made = ['--name', 'skiff-dead-gone', '--label', `${taskLabel}=gone`];
      await engine().podman('run', '-d', ...made, ...labels, images.busybox, 'sleep', '100');
      await engine().podman('run', '-d', '--name', 'skiff-test-stranger', images.busybox, 'sleep', '100');

      const next = await open(data);
      await next.removeStrays();
      const left = await engine().podman('ps', '-a', '--format', '{{.Names}}');
      expect(left).not.toContain('task1');
      expect(left).toContain('alive');
      expect(left).toContain('skiff-test-stranger');
      expect(await engine().podman('ps', '-aq', '--filter', `label=${installationLabel}=dead`)).toBe('');
      await engine().podman('rm', '-f', '-t', '0', 'skiff-test-stranger');
    });
  });
});
