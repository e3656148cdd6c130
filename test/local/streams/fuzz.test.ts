import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { memoryUsage } from 'node:process';
import { Duplex, PassThrough } from 'node:stream';
import { constants, deflateSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { ContainerProcess, Exec } from '../../../functions/api/containers.ts';
import {
  goodbyeMilliseconds,
  pingMilliseconds,
  maximumConnectionUnreadBytes,
  streamCreationMilliseconds,
} from '../../../kubernetes/limits.ts';
import { createAuthority, createServerCertificate } from '../../../local/certificates.ts';
import { startServer } from '../../../local/server.ts';
import { dictionary } from '../../../local/streams/spdy/dictionary.ts';
import { controlFrame, dataFrame } from '../../../local/streams/spdy/frames.ts';
import { HeaderWriter } from '../../../local/streams/spdy/header-block.ts';
import { upgradeHandler } from '../../../local/streams/upgrade.ts';
import type { UnreadBytes } from '../../../local/unread-bytes.ts';
import { apiFixture } from '../../functions/api/fixture.ts';
import { settle } from '../../support/manual-clock.ts';
import { randomNumbers } from '../../support/random-numbers.ts';

/** How many connections there are, and of which seed: a long run takes more. */
const connections = Number(process.env['SKIFF_FUZZ_STREAMS'] ?? 120);
const seed = Number(process.env['SKIFF_FUZZ_SEED'] ?? 1);
const together = 20;

/** What waits on one connection at the most: what nobody reads, a frame that has begun, and what the client does not take. */
const mostOfConnection = 4 * maximumConnectionUnreadBytes;

const random = randomNumbers(seed);
const below = (limit: number): number => Math.floor(random() * limit);
const oneOf = <T>(...values: readonly T[]): T => values[below(values.length)] as T;
const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));

/** Processes that echo, swallow, hang and flood, by the first word of their command. */
function processOf(kind: string | undefined): ContainerProcess {
  const output = new PassThrough({ objectMode: true });
  let ended = false;
  async function* flood() {
    while (!ended) {
      yield { stream: 'stdout' as const, data: Buffer.alloc(32_768) };
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  return {
    output: kind === 'flood' ? flood() : output,
    write: async (data) => {
      if (kind === 'hang') await new Promise(() => undefined);
      if (kind === 'echo' && !output.destroyed && !output.write({ stream: 'stdout', data }))
        await once(output, 'drain');
    },
    endInput: () => void output.end(),
    resize: () => Promise.resolve(),
    exitCode: () => Promise.resolve(below(2)),
    close: () => {
      ended = true;
      output.destroy();
    },
  };
}

const exec: Exec = {
  start: (_container, { command }) =>
    command[0] === 'refuse' ? Promise.reject(new Error('no such file')) : Promise.resolve(processOf(command[0])),
  attach: () => Promise.resolve(processOf(oneOf('echo', 'hang', 'flood'))),
  connect: (_taskId, port) => {
    if (port === 80) return Promise.resolve(new PassThrough());
    if (port === 81) return Promise.resolve(new Duplex({ read() {}, write() {} }));
    return Promise.reject(new Error('connection refused'));
  },
};

const pod = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
  spec: { nodeName: 'fargate-a', containers: [{ name: 'web', image: 'nginx' }] },
  status: {
    phase: 'Running',
    containerStatuses: [{ name: 'web', containerID: 'ecs://task1/web', state: { running: {} } }],
  },
};

async function serve() {
  const api = await apiFixture({ exec });
  await api.store.create({ resource: 'pods', namespace: 'shop', name: 'web' }, pod);
  const authority = await createAuthority(Date.now());
  let unread: UnreadBytes | undefined;
  const upgrade = upgradeHandler(api.dependencies);
  const server = await startServer({
    port: 0,
    certificate: await createServerCertificate(authority, Date.now()),
    clock: api.clock,
    fetch: (request) => api.app.fetch(request),
    upgrade: (connection) => {
      unread = connection.unread;
      upgrade(connection);
    },
  });
  onTestFinished(async () => {
    const stopped = server.stop();
    await api.clock.advance(1000);
    await stopped;
  });
  return { api, port: server.port, unread: () => unread?.bytes() ?? 0 };
}

const base = '/api/v1/namespaces/shop/pods/web';

/** The beginning of a connection for a random stream, or for something that is none. */
function handshake(): { readonly text: string; readonly isSpdy: boolean } {
  const command = oneOf('echo', 'swallow', 'hang', 'flood', 'refuse');
  const path = oneOf(
    `${base}/exec?command=${command}&stdin=true&stdout=true&stderr=true&tty=${oneOf('true', 'false')}`,
    `${base}/exec?command=${command}&stdout=true`,
    `${base}/attach?stdin=true&stdout=true`,
    `${base}/portforward?ports=${oneOf('80', '81', '82', '80,81,82')}`,
    base,
  );
  const isSpdy = random() < 0.5;
  const versions = oneOf(
    'v5.channel.k8s.io, v4.channel.k8s.io',
    'base64.channel.k8s.io',
    'SPDY/3.1+portforward.k8s.io',
    'none',
  );
  const asked = isSpdy
    ? `Upgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${oneOf('v4.channel.k8s.io', 'portforward.k8s.io')}\r\n`
    : `Upgrade: ${oneOf('websocket', 'websocket', 'websocket', 'h2c')}\r\nSec-WebSocket-Key: ${bytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${versions}\r\n`;
  const text = `${oneOf('GET', 'POST', 'POST')} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer admin\r\nConnection: Upgrade\r\n${asked}\r\n`;
  return { text, isSpdy };
}

const uint32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
};

/** A stream's beginning: with a good header block, or with a few bytes that stand for megabytes. */
function synStream(id: number, writer: HeaderWriter): Buffer {
  const block =
    random() < 0.02
      ? deflateSync(Buffer.alloc(4_000_000), { dictionary, finishFlush: constants.Z_SYNC_FLUSH })
      : writer.write({
          streamtype: oneOf('error', 'stdin', 'stdout', 'stderr', 'resize', 'data', 'data', 'odd'),
          port: oneOf('80', '81', 'x'),
          requestid: String(id >> 2),
        });
  return controlFrame(1, Buffer.concat([uint32(id), Buffer.alloc(6), block]));
}

/** Frames of which so many are wild. */
function spdyFrames(wild: number): () => Buffer {
  const writer = new HeaderWriter();
  let next = 1;
  return () => {
    if (random() < wild) return oneOf(bytes(below(60)), controlFrame(oneOf(1, 2, 3, 6, 7, 8, 9), bytes(below(12))));
    if (next < 12 || random() < 0.2) return synStream((next += 2) - 2, writer);
    if (random() < 0.1) return controlFrame(6, uint32(below(100)));
    return dataFrame(below(next) | 1, Buffer.alloc(oneOf(0, 1, 100, 32_768, 400_000)), random() < 0.02);
  };
}

function webSocketFrame(wild: number): Buffer {
  if (random() < wild) return oneOf(bytes(below(60)), Buffer.from([0x82, 0xff, 0x7f, ...Array<number>(7).fill(255)]));
  const size = oneOf(0, 1, 100, 32_768, 400_000);
  const data = Buffer.concat([Buffer.from([oneOf(0, 0, 0, 1, 4, 7, 48, 255)]), Buffer.alloc(size)]);
  // Binaries, texts, pings, and messages in two parts.
  const first = oneOf(0x82, 0x82, 0x82, 0x81, 0x89, 0x02);
  const payload = first === 0x89 ? data.subarray(0, 125) : data;
  const rest = first === 0x02 ? [webSocketPart(0x80, Buffer.alloc(size))] : [];
  return Buffer.concat([webSocketPart(first, payload), ...rest]);
}

function webSocketPart(first: number, payload: Buffer): Buffer {
  const { length } = payload;
  const extended = length < 126 ? [] : [uint32(0), uint32(length)];
  return Buffer.concat([
    Buffer.from([first, 0x80 | (length < 126 ? length : 127)]),
    ...extended,
    Buffer.alloc(4),
    payload,
  ]);
}

/** One client: it says what it wants, in pieces or at once, reads or does not, and goes or stays. */
async function attack(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const { text, isSpdy } = handshake();
  socket.write(text);
  if (random() < 0.6) socket.resume();
  const wild = oneOf(0, 0, 0.02, 0.2);
  const spdyFrame = spdyFrames(wild);
  for (let frames = below(60); frames > 0 && !socket.destroyed; frames -= 1) {
    const frame = isSpdy ? spdyFrame() : webSocketFrame(wild);
    const cut = random() < 0.5 ? below(frame.length) : frame.length;
    socket.write(frame.subarray(0, cut));
    await new Promise((resolve) => setImmediate(resolve));
    if (random() >= wild / 4) socket.write(frame.subarray(cut));
  }
  const way = random();
  if (way < 0.2) socket.destroy();
  else if (way < 0.4) socket.end();
  else if (way < 0.5) socket.resetAndDestroy();
  return socket;
}

const health = (port: number): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = get({ host: '127.0.0.1', port, path: '/healthz', agent: false }, (response) => {
      response.resume().once('close', () => resolve(response.statusCode));
    });
    asking.on('error', reject);
  });

test('no frames on WebSockets and SPDY connections crash the server, fill its memory or keep a connection', async () => {
  const { api, port, unread } = await serve();
  const before = memoryUsage();
  let most = 0;
  let mostExternal = 0;
  for (let done = 0; done < connections; done += together) {
    const clients = Array.from({ length: Math.min(together, connections - done) }, () => attack(port));
    const watching = setInterval(() => {
      most = Math.max(most, unread());
      mostExternal = Math.max(mostExternal, memoryUsage().external - before.external);
    });
    const sockets = await Promise.all(clients);
    await settle();
    clearInterval(watching);
    expect(await health(port)).toBe(200);
    for (const socket of sockets) socket.destroy();
    await api.clock.advance(streamCreationMilliseconds + goodbyeMilliseconds);
  }
  expect(most).toBeLessThan(together * mostOfConnection);
  expect(mostExternal).toBeLessThan(256 * 1024 * 1024);
  expect(api.reported).toEqual([]);
  // Clients that have gone are noticed by pings. No connection is left then, nor a timer of one.
  for (let pings = 0; pings < 20 && api.clock.waiting > 0; pings += 1) await api.clock.advance(pingMilliseconds);
  expect(unread()).toBe(0);
  expect(api.clock.waiting).toBe(0);
});
