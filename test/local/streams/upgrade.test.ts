import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Command, ContainerProcess, Exec, OutputChunk, TerminalSize } from '../../../functions/api/containers.ts';
import type { Notes } from '../../../kubernetes/notes.ts';
import { maximumWaitingStreams, streamCreationMilliseconds } from '../../../kubernetes/limits.ts';
import { createAuthority, createServerCertificate } from '../../../local/certificates.ts';
import { startServer } from '../../../local/server.ts';
import { upgradeHandler } from '../../../local/streams/upgrade.ts';
import { apiFixture } from '../../functions/api/fixture.ts';
import { duplexPair } from './duplex-pair.ts';
import { SpdyClient, until } from './spdy-client.ts';

/** A process that prints what it is told, upper case, and ends with the number that it reads last. */
function shouting(): ContainerProcess & { readonly sizes: TerminalSize[] } {
  const output = new PassThrough({ objectMode: true });
  let heard = '';
  const say = (stream: OutputChunk['stream'], text: string): void =>
    void output.write({ stream, data: Buffer.from(text) });
  say('stderr', 'ready\n');
  return {
    output,
    sizes: [],
    write: (data) => {
      heard += String(data);
      say('stdout', String(data).toUpperCase());
      return Promise.resolve();
    },
    endInput: () => void output.end(),
    resize(size) {
      this.sizes.push(size);
      return Promise.resolve();
    },
    exitCode: () => Promise.resolve(Number(/\d+$/.exec(heard)?.[0] ?? 0)),
    close: () => void output.end(),
  };
}

interface Options {
  readonly withoutEngine?: boolean;
  /** What is noted of the pod; absent: its task. */
  readonly notes?: Notes;
  readonly ownsTask?: boolean;
}

async function serve(options: Options = {}) {
  const { notes = { task: 'arn:aws:ecs:eu-west-1:123456789012:task/skiff/task1' }, ownsTask = true } = options;
  const started: Command[] = [];
  const processes: ReturnType<typeof shouting>[] = [];
  const open = (): Promise<ContainerProcess> => {
    const process = shouting();
    processes.push(process);
    return Promise.resolve(process);
  };
  const exec: Exec = {
    start: (container, command) => {
      expect(container).toEqual({ taskId: 'task1', name: 'web' });
      started.push(command);
      return command.command[0] === 'broken' ? Promise.reject(new Error('no such file')) : open();
    },
    attach: open,
    connect: async (_taskId, port): Promise<Duplex> => {
      if (port !== 80) throw new Error('connection refused');
      const [near, far] = duplexPair();
      void (async () => {
        for await (const chunk of far) far.write(`echo ${String(chunk)}`);
        far.end();
      })();
      return near;
    },
  };
  const api = await apiFixture({ ownsTask: async () => ownsTask, ...(options.withoutEngine === true ? {} : { exec }) });
  await api.store.transact([
    { type: 'create', key: { resource: 'pods', namespace: 'shop', name: 'web' }, object: pod, notes },
  ]);
  const server = await startServer({
    port: 0,
    certificate: await certificate,
    clock: api.clock,
    fetch: (asked) => api.app.fetch(asked),
    upgrade: upgradeHandler(api.dependencies),
  });
  onTestFinished(async () => {
    const stopped = server.stop();
    await api.clock.advance(1000);
    await stopped;
  });
  return { port: server.port, started, processes, api };
}

const certificate = createAuthority(Date.now()).then((authority) => createServerCertificate(authority, Date.now()));

const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
  spec: { nodeName: 'fargate-a', containers: [{ name: 'web', image: 'nginx' }] },
  status: {
    phase: 'Running',
    containerStatuses: [
      {
        name: 'web',
        ready: true,
        restartCount: 0,
        image: 'nginx',
        imageID: '',
        containerID: 'ecs://task1/web',
        state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
      },
    ],
  },
};

const base = '/api/v1/namespaces/shop/pods/web';
const headers = { authorization: 'Bearer admin' };

/** Asks for SPDY; answers the connection, or the refusal. */
async function spdy(port: number, path: string, version = 'v4.channel.k8s.io') {
  const asking = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    headers: { ...headers, Connection: 'Upgrade', Upgrade: 'SPDY/3.1', 'X-Stream-Protocol-Version': version },
  });
  asking.end();
  return new Promise<{ status: number; client?: SpdyClient; protocol?: unknown; body?: string }>((resolve, reject) => {
    asking.on('error', reject);
    asking.on('upgrade', (response, socket) =>
      resolve({
        status: 101,
        client: new SpdyClient(socket),
        protocol: response.headers['x-stream-protocol-version'],
      }),
    );
    asking.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
  });
}

const connected = ({ client }: { client?: SpdyClient }): SpdyClient => {
  if (client === undefined) throw new Error('no connection');
  return client;
};

/** A WebSocket with what has come, by channel. */
async function webSocket(port: number, path: string, protocols: string[]) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
  const channels = new Map<number, string>();
  socket.on('message', (message: Buffer) => {
    const channel = message[0] ?? 0;
    channels.set(channel, (channels.get(channel) ?? '') + message.toString('latin1', 1));
  });
  const closed = once(socket, 'close').then(([code]: unknown[]) => code);
  await once(socket, 'open');
  return {
    socket,
    channels,
    closed,
    send: (channel: number, data: string | Buffer) =>
      socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(data)])),
  };
}

const failed = (code: number) => ({
  metadata: {},
  status: 'Failure',
  message: `command terminated with non-zero exit code: exit status ${code}`,
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

const execPath = `${base}/exec?command=sh&command=-c&stdin=true&stdout=true&stderr=true`;

describe('exec over a WebSocket', () => {
  test('carries the streams, the end of the input, and the exit code', async () => {
    const { port, started } = await serve();
    const { socket, channels, closed, send } = await webSocket(port, execPath, [
      'v5.channel.k8s.io',
      'v4.channel.k8s.io',
    ]);
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    send(0, 'hello 3');
    send(255, Buffer.from([0]));
    expect(await closed).toBe(1000);
    expect(started).toEqual([{ command: ['sh', '-c'], stdin: true, tty: false }]);
    expect(channels.get(1)).toBe('HELLO 3');
    expect(channels.get(2)).toBe('ready\n');
    expect(JSON.parse(channels.get(3) ?? '')).toEqual(failed(3));
  });

  test('resizes the terminal, which has one output', async () => {
    const { port, processes } = await serve();
    const { channels, closed, send } = await webSocket(port, `${execPath}&tty=1`, ['v5.channel.k8s.io']);
    send(4, '{"Width":80,"Height":24}');
    send(4, 'no size');
    await until(() => processes[0]?.sizes.length === 1);
    send(255, Buffer.from([0]));
    await closed;
    expect(processes[0]?.sizes).toEqual([{ columns: 80, rows: 24 }]);
    expect(channels.get(2)).toBeUndefined();
    expect(JSON.parse(channels.get(3) ?? '')).toEqual({ metadata: {}, status: 'Success' });
  });

  test('says why a command cannot be started', async () => {
    const { port } = await serve();
    const { channels, closed } = await webSocket(port, `${base}/exec?command=broken&stdout=true`, [
      'v4.channel.k8s.io',
    ]);
    await closed;
    expect(JSON.parse(channels.get(3) ?? '')).toMatchObject({
      status: 'Failure',
      reason: 'InternalError',
      message: expect.stringContaining('no such file'),
    });
  });

  test('passes over protocols that it does not know', async () => {
    const { port } = await serve();
    const { socket } = await webSocket(port, execPath, [
      'base64.binary.k8s.io',
      'v4.channel.k8s.io',
      'v3.channel.k8s.io',
    ]);
    expect(socket.protocol).toBe('v4.channel.k8s.io');
    socket.terminate();
  });

  test('lets go of the process when the client goes', async () => {
    const { port, processes } = await serve();
    const { socket } = await webSocket(port, execPath, ['v5.channel.k8s.io']);
    await until(() => processes.length === 1);
    const output = processes[0]?.output;
    socket.terminate();
    await until(() => output instanceof PassThrough && output.writableEnded);
    expect(processes).toHaveLength(1);
  });
});

describe('exec over SPDY', () => {
  test('begins when all streams are there, and tells the exit code', async () => {
    const { port, started } = await serve();
    const answer = await spdy(port, execPath, 'v5.channel.k8s.io, v4.channel.k8s.io');
    expect(answer.protocol).toBe('v4.channel.k8s.io');
    const client = connected(answer);
    const error = await client.open({ streamtype: 'error' });
    const stdin = await client.open({ streamtype: 'stdin' });
    const stdout = await client.open({ streamtype: 'stdout' });
    expect(started).toEqual([]);
    const stderr = await client.open({ streamtype: 'stderr' });
    client.send(stdin, 'hello 4', true);
    await client.ended;
    expect([client.data(stdout), client.data(stderr)]).toEqual(['HELLO 4', 'ready\n']);
    expect(JSON.parse(client.data(error))).toEqual(failed(4));
    expect([error, stdout, stderr].every((id) => client.hasEnded(id))).toBe(true);
  });

  test('refuses versions that it does not speak', async () => {
    const { port } = await serve();
    expect((await spdy(port, execPath, 'v1.channel.k8s.io')).status).toBe(403);
  });
});

describe('port forwarding', () => {
  test('over SPDY opens a connection for each pair of streams', async () => {
    const { port } = await serve();
    const client = connected(await spdy(port, `${base}/portforward`, 'portforward.k8s.io'));
    const open = async (requestid: string, to: string) => {
      const named = { port: to, requestid };
      return {
        error: await client.open({ ...named, streamtype: 'error' }),
        data: await client.open({ ...named, streamtype: 'data' }),
      };
    };
    const [first, second, none] = [await open('0', '80'), await open('1', '80'), await open('2', '81')];
    client.send(first.data, 'one', true);
    client.send(second.data, 'two', true);
    await until(() =>
      [first, second, none].every(({ data, error }) => client.hasEnded(data) && client.hasEnded(error)),
    );
    expect([client.data(first.data), client.data(second.data)]).toEqual(['echo one', 'echo two']);
    expect(client.data(none.error)).toBe('error forwarding port 81 to pod web, uid u1: connection refused');
  });

  test('is tunnelled through a WebSocket', async () => {
    const { port } = await serve();
    const key = Buffer.alloc(16).toString('base64');
    const asking = request({
      host: '127.0.0.1',
      port,
      path: `${base}/portforward`,
      headers: {
        ...headers,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Key': key,
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Protocol': 'SPDY/3.1+portforward.k8s.io',
      },
    });
    asking.end();
    const [response, socket] = (await once(asking, 'upgrade')) as [{ headers: Record<string, string> }, Duplex];
    expect(response.headers['sec-websocket-protocol']).toBe('SPDY/3.1+portforward.k8s.io');
    socket.destroy();
  });

  test('has an old form, with channels and the port announced', async () => {
    const { port } = await serve();
    const { channels, send } = await webSocket(port, `${base}/portforward?ports=80`, [
      'v5.channel.k8s.io',
      'v4.channel.k8s.io',
    ]);
    send(0, 'hello');
    await until(() => (channels.get(0)?.length ?? 0) > 2);
    expect(channels.get(0)).toBe('P\0echo hello');
    expect(channels.get(1)).toBe('P\0');
  });
});

describe('a refusal', () => {
  test.each([
    { path: execPath.replace('/web/', '/none/'), status: 404, message: 'pods "none" not found' },
    { path: `${execPath}&container=zz`, status: 400, message: 'container zz is not valid for pod web' },
    {
      path: `${base}/exec?stdout=true`,
      status: 400,
      message: 'you must specify at least one command for the container',
    },
    { path: `${base}/exec?command=ls`, status: 400, message: 'you must specify at least 1 of stdin, stdout, stderr' },
    { path: `${base}/portforward?ports=x`, status: 400, message: 'unable to parse "x" as a port' },
  ])('is a Status with its text: $message', async ({ path, status, message }) => {
    const { port } = await serve();
    const answer = await spdy(port, path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ kind: 'Status', message, code: status });
  });

  test.each([
    { asked: 'a container whose task only the status names', notes: {}, message: 'container not found ("web")' },
    {
      asked: "another object's task",
      ownsTask: false,
      message: 'pods "web" is forbidden: its task task1 was not made for it',
    },
  ])('meets whoever asks for $asked', async ({ message, notes, ownsTask }) => {
    const { port } = await serve({
      ...(notes === undefined ? {} : { notes }),
      ...(ownsTask === undefined ? {} : { ownsTask }),
    });
    const answer = await spdy(port, execPath);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ kind: 'Status', status: 'Failure', message });
  });

  test('says that it takes an engine where there is none', async () => {
    const { port } = await serve({ withoutEngine: true });
    const answer = await spdy(port, execPath);
    expect(answer.status).toBe(501);
    expect(JSON.parse(answer.body ?? '').message).toBe(
      'pods/exec of web needs a container engine: tasks are simulated here',
    );
  });

  test('is given to whoever may not', async () => {
    const { port } = await serve();
    const socket = new WebSocket(`ws://127.0.0.1:${port}${execPath}`, ['v5.channel.k8s.io']);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(401);
    socket.on('error', () => undefined).terminate();
  });

  test('is given to a request for no other protocol', async () => {
    const { api } = await serve();
    const answer = await api.send('POST', execPath);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ message: 'Upgrade request required' });
  });
});

describe('a request that asks for a protocol which nobody speaks', () => {
  const asks = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c' };

  async function ask(port: number, method: string, { path = base, body = '', more = {} } = {}) {
    const asking = request({
      host: '127.0.0.1',
      port,
      path,
      method,
      headers: { ...headers, ...asks, 'Content-Length': body.length, ...more },
    });
    asking.end(body);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode, body: JSON.parse(text) };
  }

  test('is answered in HTTP', async () => {
    const { port } = await serve();
    const answer = await ask(port, 'GET');
    expect(answer).toMatchObject({ status: 200, body: { kind: 'Pod', metadata: { name: 'web' } } });
  });

  test('is answered with its body and headers', async () => {
    const { port, api } = await serve();
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'another' } });
    const more = { 'Content-Type': 'application/json' };
    expect(await ask(port, 'DELETE', { body, more })).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: made}\n';
    const path = '/api/v1/namespaces/shop/configmaps?dryRun=All';
    const made = await ask(port, 'POST', { path, body: yaml, more: { 'Content-Type': 'application/yaml' } });
    expect(made).toMatchObject({ status: 201, body: { metadata: { name: 'made' } } });
    expect(await api.store.get({ resource: 'pods', namespace: 'shop', name: 'web' })).toBeDefined();
  });

  test('is answered also when its body comes late and in pieces', async () => {
    const { port } = await serve();
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: 'another' } });
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let text = '';
    socket.on('data', (chunk: string) => (text += chunk));
    socket.write(
      `DELETE ${base} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer admin\r\nUpgrade: h2c\r\nConnection: close, Upgrade\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    for (const byte of body) {
      await new Promise((resolve) => setImmediate(resolve));
      socket.write(byte);
    }
    await once(socket, 'close');
    expect(text).toContain('409 Conflict');
  });

  test.each(['TRACE', 'OPTIONS', 'PROPFIND'])('is refused as without it when its method is %s', async (method) => {
    const { port, api } = await serve();
    for (const [path, more] of [
      [base, {}],
      [execPath, { Upgrade: 'websocket' }],
    ] as const)
      expect(await ask(port, method, { path, more })).toMatchObject({
        status: 405,
        body: {
          reason: 'MethodNotAllowed',
          message: 'the server does not allow this method on the requested resource',
        },
      });
    expect(await ask(port, method, { more: { authorization: 'none' } })).toMatchObject({ status: 401 });
    expect(api.reported).toEqual([]);
  });

  test('keeps its connection for further requests', async () => {
    const { port } = await serve();
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    let text = '';
    socket.on('data', (chunk: string) => (text += chunk));
    const get = (more: string): string =>
      `GET ${base} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer admin\r\n${more}\r\n`;
    socket.write(get('Upgrade: h2c\r\nConnection: Upgrade\r\n') + get('') + get('Connection: close\r\n'));
    await once(socket, 'close');
    expect(text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
  });
});

test('CONNECT is refused with a Status', async () => {
  const { port } = await serve();
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk: string) => (text += chunk));
  socket.end('CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1.1 405 Method Not Allowed[^]*"reason":"MethodNotAllowed"/);
});

describe('a client that holds on to what it has opened', () => {
  const pairing = async () => {
    const served = await serve();
    return { ...served, client: connected(await spdy(served.port, `${base}/portforward`, 'portforward.k8s.io')) };
  };

  test('loses a stream whose partner does not come', async () => {
    const { client, api } = await pairing();
    const alone = await client.open({ streamtype: 'data', port: '80', requestid: '0' });
    client.send(alone, 'nobody reads it');
    await api.clock.advance(streamCreationMilliseconds);
    await until(() => client.control(3).length > 0);
    expect(client.control(3)[0]?.payload.readUInt32BE(0)).toBe(alone);
    // The connection itself goes on.
    const error = await client.open({ streamtype: 'error', port: '80', requestid: '1' });
    const data = await client.open({ streamtype: 'data', port: '80', requestid: '1' });
    client.send(data, 'one', true);
    await until(() => client.hasEnded(data) && client.hasEnded(error));
    expect(client.data(data)).toBe('echo one');
  });

  test('is told to go away when many streams wait for their partners', async () => {
    const { client } = await pairing();
    for (let index = 0; index < maximumWaitingStreams; index += 1)
      await client.open({ streamtype: 'data', port: '80', requestid: String(index) });
    expect(client.control(7)).toEqual([]);
    await client.open({ streamtype: 'data', port: '80', requestid: 'more' });
    await until(() => client.control(7).length > 0);
  });

  test('has its pings answered over a WebSocket', async () => {
    const { port } = await serve();
    const { socket } = await webSocket(port, execPath, ['v5.channel.k8s.io']);
    socket.ping('hello');
    const [data] = (await once(socket, 'pong')) as [Buffer];
    expect(String(data)).toBe('hello');
    socket.terminate();
  });
});
