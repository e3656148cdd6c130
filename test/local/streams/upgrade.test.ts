import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Command, ContainerProcess, Exec, OutputChunk, TerminalSize } from '../../../functions/api/containers.ts';
import type { Notes } from '../../../kubernetes/notes.ts';
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
  const server = createServer().on(
    'upgrade',
    upgradeHandler({ dependencies: api.dependencies, fetch: (asked) => api.app.fetch(asked) }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { port, started, processes, api };
}

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

test('who asks for a protocol that nobody speaks is answered in HTTP', async () => {
  const { port } = await serve();
  const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      path: base,
      headers: { ...headers, Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c' },
    });
    asking.on('error', reject).on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asking.end();
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ kind: 'Pod', metadata: { name: 'web' } });
});
