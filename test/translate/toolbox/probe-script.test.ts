import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createAuthority, createServerCertificate } from '../../../local/certificates.ts';
import { probeCommand, type ProbeCommand } from '../../../translate/toolbox/probe-command.ts';
import { probeScript, readinessScript, type ScriptedProbe } from '../../../translate/toolbox/probe-script.ts';
import { withBusybox } from '../../support/busybox.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

type Command = ProbeCommand | readonly string[];
type Draft = Partial<Omit<ScriptedProbe, 'command'>> & { readonly command: Command };

interface Drafts {
  readonly startup?: Draft;
  readonly readiness?: Draft;
  readonly liveness?: Draft;
  readonly sharesProcesses?: boolean;
}

const scripted = (draft: Draft | undefined): ScriptedProbe | undefined =>
  draft === undefined
    ? undefined
    : {
        initialDelaySeconds: 0,
        periodSeconds: 10,
        timeoutSeconds: 20,
        successThreshold: 1,
        failureThreshold: 3,
        ...draft,
        command: draft.command as ProbeCommand,
      };

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

withBusybox('the probe script', (busybox) => {
  /** A container with probes, on a machine whose clock is in the test's hand. */
  async function container(probes: Drafts) {
    const folder = await temporaryDirectory();
    const places = { busybox, stateDirectory: join(folder, 'state'), proc: join(folder, 'proc') };
    mkdirSync(places.stateDirectory);
    mkdirSync(join(places.proc, '1'), { recursive: true });
    // The container's first process began when the machine had run for 100 seconds.
    writeFileSync(join(places.proc, '1', 'stat'), `1 (a ) b) S 0 1 1 0 -1 4194560 ${'0 '.repeat(12)}10000 0 0\n`);
    const run = (script: string, env: NodeJS.ProcessEnv): Promise<Outcome> =>
      new Promise((resolve) => {
        execFile(busybox, ['sh', '-c', script], { env }, (error, stdout, stderr) =>
          resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr }),
        );
      });
    const script = probeScript(
      'web',
      {
        startup: scripted(probes.startup),
        readiness: scripted(probes.readiness),
        liveness: scripted(probes.liveness),
        sharesProcesses: probes.sharesProcesses === true,
      },
      places,
    );
    return {
      folder,
      flag: join(folder, 'flag'),
      /** Runs the check so many seconds after the container's start; answers its exit code. */
      at: async (seconds: number, env: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin' }): Promise<number> => {
        writeFileSync(join(places.proc, 'uptime'), `${(100 + seconds).toFixed(2)} 1.00\n`);
        const { exitCode, output } = await run(script, env);
        expect(output).toBe('');
        return exitCode;
      },
      ready: async (): Promise<boolean> => (await run(readinessScript(['web'], places), {})).exitCode === 0,
    };
  }

  const appears = (flag: string): Command => ['run', 'test', '-e', flag];

  /** Exit codes of checks at these moments, after something was done before each. */
  async function codes(
    at: (seconds: number) => Promise<number>,
    steps: readonly (readonly [seconds: number, before?: () => void])[],
  ): Promise<number[]> {
    const found: number[] = [];
    for (const [seconds, before] of steps) {
      before?.();
      found.push(await at(seconds));
    }
    return found;
  }

  async function flagged(probes: (flag: string) => Drafts) {
    const folder = await temporaryDirectory();
    const flag = join(folder, 'flag');
    return {
      ...(await container(probes(flag))),
      raise: () => writeFileSync(flag, ''),
      lower: () => rmSync(flag, { force: true }),
    };
  }

  test('without a readiness probe a container is ready from its start', async () => {
    const { at } = await container({ liveness: { command: ['false'] } });
    expect(await at(0.05)).toBe(0);
  });

  test('a container is unhealthy until it has been ready, and not when it gets unready again', async () => {
    const { at, raise, lower, ready } = await flagged((flag) => ({
      readiness: { command: appears(flag), failureThreshold: 2 },
    }));
    expect(await codes(at, [[1], [2], [600], [601, raise], [611, lower]])).toEqual([1, 1, 1, 0, 0]);
    expect(await ready()).toBe(true);
    expect(await codes(at, [[621]])).toEqual([0]);
    expect(await ready()).toBe(false);
    expect(await codes(at, [[631, raise]])).toEqual([0]);
    expect(await ready()).toBe(true);
  });

  test('readiness is not told of before the first time: the check itself says so', async () => {
    const { at, ready } = await flagged((flag) => ({ readiness: { command: appears(flag), failureThreshold: 1 } }));
    expect(await ready()).toBe(true);
    expect(await at(1)).toBe(1);
    expect(await ready()).toBe(true);
  });

  test('successes are counted once a period, and a failure begins anew', async () => {
    const { at, raise, lower } = await flagged((flag) => ({
      readiness: { command: appears(flag), successThreshold: 3, periodSeconds: 10 },
    }));
    const steps = [[1, raise], [2], [11], [21, lower], [31, raise], [41], [46], [51]] as const;
    expect(await codes(at, steps)).toEqual([1, 1, 1, 1, 1, 1, 1, 0]);
  });

  test('a liveness probe that fails so often in a row ends the container', async () => {
    const { at, raise, lower } = await flagged((flag) => ({
      liveness: { command: appears(flag), failureThreshold: 2 },
    }));
    const steps = [[1, raise], [11, lower], [16], [21, raise], [31, lower], [36], [41], [51]] as const;
    expect(await codes(at, steps)).toEqual([0, 0, 0, 0, 0, 0, 1, 1]);
  });

  test('a liveness probe waits for its initial delay', async () => {
    const { at } = await container({ liveness: { command: ['false'], initialDelaySeconds: 30, failureThreshold: 1 } });
    expect(await codes(at, [[10], [29], [30]])).toEqual([0, 0, 1]);
  });

  test('where the first process is another container’s, the delay counts from the first check', async () => {
    const probe = { command: ['run', 'true'], initialDelaySeconds: 5 };
    const { at } = await container({ readiness: probe, sharesProcesses: true });
    expect(await codes(at, [[60], [64], [65]])).toEqual([1, 1, 0]);
  });

  test('a readiness probe waits for its initial delay', async () => {
    const { at } = await container({ readiness: { command: ['run', 'true'], initialDelaySeconds: 5 } });
    expect(await codes(at, [[1], [4], [5]])).toEqual([1, 1, 0]);
  });

  test('nothing else is asked before the startup probe has succeeded, and that never again', async () => {
    const { at, raise, lower } = await flagged((flag) => ({
      startup: { command: appears(flag) },
      liveness: { command: ['false'], failureThreshold: 1, periodSeconds: 20 },
    }));
    const alone = await flagged((flag) => ({ startup: { command: appears(flag) } }));
    expect(await codes(at, [[10], [20], [30, raise]])).toEqual([1, 1, 1]);
    expect(await codes(alone.at, [[10], [20, alone.raise], [30, alone.lower]])).toEqual([1, 0, 0]);
    lower();
  });

  test('a container that is not ready yet can be found dead', async () => {
    const { at, raise } = await flagged((flag) => ({
      readiness: { command: appears(flag) },
      liveness: { command: ['false'], failureThreshold: 1 },
    }));
    expect(await codes(at, [[1], [11, raise]])).toEqual([1, 1]);
  });

  test('a command has its words as they are, whatever a shell would make of them', async () => {
    const random = randomNumbers(7);
    const alphabet = [...Array.from('\'"`$\\ \n\t;&|<>(){}[]*?!#~-=%a'), '$(exit)', '${x}', 'é', '👍', "'\\''"];
    for (let count = 0; count < 40; count += 1) {
      const words = Array.from({ length: 4 }, () =>
        Array.from({ length: Math.floor(random() * 8) }, () => alphabet[Math.floor(random() * alphabet.length)]).join(
          '',
        ),
      );
      const folder = await temporaryDirectory();
      const program = join(folder, 'say words');
      const said = join(folder, 'said');
      writeFileSync(program, `#!/bin/sh\nprintf '%s\\0' "$@" >'${said}'\n`);
      chmodSync(program, 0o755);
      const { at } = await container({ readiness: { command: ['run', program, ...words] } });
      expect(await at(1)).toBe(0);
      expect(readFileSync(said, 'utf8')).toBe(words.map((word) => `${word}\0`).join(''));
    }
  }, 60_000);

  test('programs are the image’s own, found on its PATH, with its environment', async () => {
    const { at, folder } = await container({ readiness: { command: ['run', 'cat'] } });
    mkdirSync(join(folder, 'bin'));
    const program = join(folder, 'bin', 'cat');
    // Not executable, then a directory, then right.
    mkdirSync(join(folder, 'other', 'cat'), { recursive: true });
    writeFileSync(program, `#!/bin/sh\ntest "$state" = kept && test "$_state" != x && touch ${join(folder, 'ran')}\n`);
    const env = { PATH: `/nowhere:${join(folder, 'other')}:${join(folder, 'bin')}`, state: 'kept' };
    expect(await at(1, env)).toBe(1);
    chmodSync(program, 0o755);
    // `touch` is not on that PATH.
    expect(await at(2, { ...env, PATH: `${env.PATH}:/usr/bin:/bin` })).toBe(0);
    expect(existsSync(join(folder, 'ran'))).toBe(true);
  });

  test('a command that takes too long has failed, and leaves nothing behind', async () => {
    const { at } = await container({ readiness: { command: ['run', 'sleep', '987654'], timeoutSeconds: 1 } });
    expect(await at(1)).toBe(1);
    const left = await new Promise<string>((resolve) =>
      execFile('ps', ['-eo', 'args'], (_e, stdout) => resolve(stdout)),
    );
    expect(left).not.toContain('sleep 987654');
  });

  test('a command that is not there has failed', async () => {
    const { at } = await container({ readiness: { command: ['run', 'no-such-program'] } });
    expect(await at(1)).toBe(1);
  });

  test('liveness and readiness are asked at the same time', async () => {
    const folder = await temporaryDirectory();
    // Each waits for the other.
    const meets = (own: string, other: string): Draft => ({
      command: ['run', 'sh', '-c', `cd ${folder}; touch ${own}; until [ -e ${other} ]; do sleep 0.01; done`],
      timeoutSeconds: 20,
    });
    const { at } = await container({
      readiness: meets('a', 'b'),
      liveness: { ...meets('b', 'a'), failureThreshold: 1 },
    });
    expect(await at(1)).toBe(0);
  });

  test('a container that is well stays so when nothing can be kept of it', async () => {
    const well: Draft = { command: ['run', 'true'] };
    const { at, folder } = await container({ readiness: well, liveness: well });
    rmSync(join(folder, 'state'), { recursive: true });
    expect([await at(1), await at(11)]).toEqual([0, 0]);
  });

  async function listening<T extends Server | TcpServer>(server: T): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  const httpProbe = (httpGet: object): Command =>
    probeCommand({ httpGet: { port: 0, ...httpGet } }, { name: 'web' }) ?? ['false'];

  test.each([
    [200, 0],
    [204, 0],
    [301, 0],
    [302, 0],
    [399, 0],
    [400, 1],
    [404, 1],
    [500, 1],
    [503, 1],
  ])('an answer of %i exits with %i', async (status, exitCode) => {
    const server = createServer((_request, response) => {
      response
        .writeHead(status, status < 400 && status >= 300 ? { location: 'http://127.0.0.1:1/elsewhere' } : {})
        .end('body');
    });
    const { at } = await container({ readiness: { command: httpProbe({ port: await listening(server) }) } });
    expect(await at(1)).toBe(exitCode);
  });

  test.each([
    ['HTTP/1.1 200', 0],
    ['HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK', 0],
    ['HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 500 Oops', 1],
    ['HTTP/1.0 200 OK', 0],
    ['SSH-2.0-OpenSSH', 1],
    ['', 1],
  ])('an answer that begins with %j exits with %i', async (text, exitCode) => {
    const server = createTcpServer((socket) => socket.end(`${text}\r\n\r\n`).on('error', () => undefined));
    const { at } = await container({ readiness: { command: httpProbe({ port: await listening(server) }) } });
    expect(await at(1)).toBe(exitCode);
  });

  test('a request is as a kubelet makes it, through no proxy', async () => {
    const requests: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      requests.push(request);
      response.end();
    });
    const port = await listening(server);
    const plain = await container({ readiness: { command: httpProbe({ port, path: "/a b'?q=$(x)&é=%20" }) } });
    const proxy = { http_proxy: 'http://127.0.0.1:1', PATH: '/bin' };
    expect(await plain.at(1, proxy)).toBe(0);
    const own = [
      { name: 'Host', value: 'example.org' },
      { name: 'User-Agent', value: 'mine' },
      { name: 'X-Quote', value: `it's "$HOME"` },
    ];
    const custom = await container({ readiness: { command: httpProbe({ port, path: 'healthz', httpHeaders: own }) } });
    expect(await custom.at(1)).toBe(0);
    expect(requests.map(({ method, url, headers }) => [method, url, headers['user-agent'], headers.accept])).toEqual([
      ['GET', "/a%20b'?q=$(x)&%C3%A9=%20", 'kube-probe/1.33', '*/*'],
      ['GET', '/healthz', 'mine', '*/*'],
    ]);
    expect(requests[1]?.headers).toMatchObject({ host: 'example.org', 'x-quote': `it's "$HOME"` });
  });

  /** As OpenSSL was before 3.0, and as it is. */
  const permissive = { ciphers: 'DEFAULT@SECLEVEL=0', sigalgs: 'ECDSA+SHA1:ECDSA+SHA256:RSA+SHA1:RSA+SHA256' };
  test.each([
    [204, permissive, 0],
    [503, permissive, 1],
    [204, {}, 0],
    [204, { minVersion: 'TLSv1.3' as const }, 0],
  ])(
    'HTTPS is asked without a look at the certificate: %i of a server with %j exits with %i',
    async (status, tls, exitCode) => {
      const now = Date.now();
      const certificate = await createServerCertificate(await createAuthority(now), now);
      const server = createSecureServer(
        { cert: certificate.certificate, key: certificate.key, ...tls },
        (_request, response) => {
          response.writeHead(status).end();
        },
      );
      const { at } = await container({
        readiness: { command: httpProbe({ port: await listening(server), scheme: 'HTTPS' }), timeoutSeconds: 20 },
      });
      expect(await at(1)).toBe(exitCode);
    },
  );

  test('HTTPS is not spoken by a server that ends the connection', async () => {
    const server = createTcpServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
    const { at } = await container({
      readiness: { command: httpProbe({ port: await listening(server), scheme: 'HTTPS' }), timeoutSeconds: 20 },
    });
    expect(await at(1)).toBe(1);
  });

  test('an answer that does not come, or does not end, is not waited for', async () => {
    const silent = createTcpServer(() => undefined);
    const endless = createServer((_request, response) => void response.writeHead(200).write('and so on'));
    const waiting = await container({
      readiness: { command: httpProbe({ port: await listening(silent) }), timeoutSeconds: 1 },
    });
    expect(await waiting.at(1)).toBe(1);
    const streaming = await container({
      readiness: { command: httpProbe({ port: await listening(endless) }), timeoutSeconds: 20 },
    });
    expect(await streaming.at(1)).toBe(0);
  });

  test('a port on which nothing listens is no success, by HTTP or TCP', async () => {
    const server = createTcpServer(() => undefined);
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const byHttp = await container({ readiness: { command: httpProbe({ port }) } });
    const byTcp = await container({ readiness: { command: ['tcp', '127.0.0.1', `${port}`] } });
    expect([await byHttp.at(1), await byTcp.at(1)]).toEqual([1, 1]);
  });

  test('a connection is enough for TCP, also to a server that says nothing', async () => {
    const port = await listening(createTcpServer({ allowHalfOpen: true }, () => undefined));
    const { at } = await container({ readiness: { command: ['tcp', '127.0.0.1', `${port}`] } });
    expect(await at(1)).toBe(0);
  });
});
