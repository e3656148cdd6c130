import { once } from 'node:events';
import { request as httpRequest, Agent, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Certificate, createAuthority, createServerCertificate } from '../../local/certificates.ts';
import { type RunningServer, startServer } from '../../local/server.ts';
import { ManualClock } from '../support/manual-clock.ts';

const encoder = new TextEncoder();
let authority: Certificate;
let certificate: Certificate;
beforeAll(async () => {
  authority = await createAuthority(Date.now());
  certificate = await createServerCertificate(authority, Date.now());
});

describe('server', () => {
  let clock: ManualClock;
  let server: RunningServer;
  let opened: ReadableStreamDefaultController<Uint8Array>[];
  let cancelled: number;

  /** Echoes; `/watch` sends its headers and then what the test says. */
  const answer = async (request: Request): Promise<Response> => {
    const { pathname, protocol } = new URL(request.url);
    if (pathname !== '/watch') return Response.json({ pathname, protocol, body: await request.text() });
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => void opened.push(controller),
      cancel: () => {
        cancelled += 1;
      },
    });
    return new Response(stream, { headers: { 'content-type': 'application/json' } });
  };
  beforeEach(async () => {
    clock = new ManualClock();
    opened = [];
    cancelled = 0;
    server = await startServer({
      port: 0,
      certificate,
      clock,
      fetch: answer,
      upgrade: ({ incoming, socket }) => {
        socket.end(`HTTP/1.1 101 Switching Protocols\r\nupgrade: ${incoming.headers.upgrade}\r\n\r\nhello`);
      },
    });
  });
  const stop = async (): Promise<void> => {
    const stopped = server.stop();
    await clock.advance(1000);
    await stopped;
  };
  afterEach(stop);

  const raw = (): Socket => connect(server.port, '127.0.0.1');
  const received = async (socket: Socket): Promise<string> => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => {});
    if (!socket.closed) await once(socket, 'close');
    return text;
  };
  const send = async (
    scheme: 'http' | 'https',
    path: string,
    { body = '', agent }: { body?: string; agent?: Agent } = {},
  ): Promise<IncomingMessage> => {
    const options = { host: '127.0.0.1', port: server.port, path, method: body === '' ? 'GET' : 'POST' };
    const request =
      scheme === 'http'
        ? httpRequest({ ...options, agent: agent ?? false })
        : httpsRequest({ ...options, agent: agent ?? false, ca: authority.certificate });
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  const json = async (response: IncomingMessage): Promise<unknown> => {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return JSON.parse(text);
  };

  test('answers TLS and plain HTTP on one port', async () => {
    for (const scheme of ['http', 'https', 'http', 'https'] as const) {
      expect(await json(await send(scheme, '/some/path', { body: 'a body' }))).toEqual({
        pathname: '/some/path',
        protocol: `${scheme}:`,
        body: 'a body',
      });
    }
  });

  test.for(['http', 'https'] as const)('keeps a connection for further requests over %s', async (scheme) => {
    const agent = scheme === 'http' ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true });
    const ports = new Set<number | undefined>();
    for (let count = 0; count < 3; count += 1) {
      const response = await send(scheme, '/', { agent });
      expect(response.headers['keep-alive']).toBe('timeout=120');
      ports.add(response.socket.localPort);
      await json(response);
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test('a request that comes byte by byte is understood', async () => {
    const socket = raw();
    const text = received(socket);
    for (const byte of 'GET /slow HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n') {
      socket.write(byte);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await text).toContain('"pathname":"/slow"');
  });

  test('a client that has nothing more to say still gets its answer', async () => {
    const socket = raw();
    socket.end('GET /half HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    expect(await received(socket)).toContain('"pathname":"/half"');
  });

  test.for([
    { name: 'text', bytes: 'hello\r\n\r\n' },
    { name: 'zeros', bytes: '\u0000'.repeat(100) },
    { name: 'a broken handshake', bytes: '\u0016\u0003\u0001\u0000\u0005hello and more' },
    { name: 'another kind of TLS record', bytes: '\u0015\u0003\u0001\u0000\u0002\u0001\u0000' },
  ])('survives garbage: $name', async ({ bytes }) => {
    const socket = raw();
    socket.write(Buffer.from(bytes, 'latin1'));
    await received(socket);
    expect(await json(await send('https', '/after'))).toMatchObject({ pathname: '/after' });
  });

  test('survives clients that hang up at once, or in the middle of a handshake', async () => {
    for (const bytes of ['', '\u0016', '\u0016\u0003\u0001', 'GET', 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n']) {
      const socket = raw();
      await once(socket, 'connect');
      if (bytes !== '') socket.write(Buffer.from(bytes, 'latin1'));
      socket.resetAndDestroy();
      await received(socket);
    }
    expect(await json(await send('http', '/after'))).toMatchObject({ pathname: '/after' });
  });

  test('closes a connection that stays silent', async () => {
    const silent = raw();
    await once(silent, 'connect');
    const text = received(silent);
    await clock.advance(9999);
    expect(silent.closed).toBe(false);
    await clock.advance(1);
    expect(await text).toBe('');
  });

  test('a connection that has spoken is not closed by that deadline', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await json(await send('http', '/', { agent }));
    await clock.advance(60_000);
    const response = await send('http', '/', { agent });
    expect(response.statusCode).toBe(200);
    await json(response);
    agent.destroy();
  });

  test.for(['http', 'https'] as const)(
    'a watch has its headers at once, and each event as it comes, over %s',
    async (scheme) => {
      const response = await send(scheme, '/watch');
      expect(response.statusCode).toBe(200);
      expect(response.headers['content-type']).toBe('application/json');
      for (const event of ['{"type":"ADDED"}\n', '{"type":"MODIFIED"}\n']) {
        opened[0]?.enqueue(encoder.encode(event));
        const [chunk] = (await once(response, 'data')) as [Buffer];
        expect(chunk.toString()).toBe(event);
      }
      const ended = once(response, 'end');
      opened[0]?.close();
      response.resume();
      await ended;
    },
  );

  test('a client that leaves its watch ends it', async () => {
    const response = await send('http', '/watch');
    response.destroy();
    while (cancelled === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(cancelled).toBe(1);
  });

  test.for(['http', 'https'] as const)('hands on requests for another protocol over %s', async (scheme) => {
    const socket =
      scheme === 'http' ? raw() : connectTls({ host: '127.0.0.1', port: server.port, ca: authority.certificate });
    socket.write(
      'GET /api/v1/namespaces/shop/pods/web/exec HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: SPDY/3.1\r\n\r\n',
    );
    expect(await received(socket)).toBe('HTTP/1.1 101 Switching Protocols\r\nupgrade: SPDY/3.1\r\n\r\nhello');
  });

  test('stopping ends idle connections at once and watches after a moment', async () => {
    const agent = new Agent({ keepAlive: true });
    await json(await send('http', '/', { agent }));
    const watch = await send('https', '/watch');
    const ended = new Promise((resolve) => watch.once('error', resolve).once('close', resolve));
    watch.resume();
    await stop();
    await ended;
    expect(cancelled).toBe(1);
    await expect(send('http', '/')).rejects.toThrow('ECONNREFUSED');
    agent.destroy();
  });

  test('refuses a port that is taken', async () => {
    const second = startServer({ port: server.port, certificate, clock, fetch: answer });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
