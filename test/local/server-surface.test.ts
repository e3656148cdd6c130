import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { httpLimits } from '../../kubernetes/limits.ts';
import { type Certificate, createAuthority, createServerCertificate } from '../../local/certificates.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../local/server.ts';
import { ManualClock } from '../support/manual-clock.ts';

let authority: Certificate;
let certificate: Certificate;
beforeAll(async () => {
  authority = await createAuthority(Date.now());
  certificate = await createServerCertificate(authority, Date.now());
});

/** Answers `served`, and `upgraded` to requests for another protocol; `/watch` says `hello` and goes on for ever. */
async function serve(limits: ServerOptions['limits'] = {}): Promise<RunningServer & { readonly reached: string[] }> {
  const clock = new ManualClock();
  const reached: string[] = [];
  const server = await startServer({
    port: 0,
    certificate,
    clock,
    limits,
    fetch: async (request) => {
      reached.push(new URL(request.url).pathname);
      if (!request.url.endsWith('/watch')) return new Response(`served ${(await request.text()).length} bytes`);
      return new Response(new ReadableStream({ start: (watch) => watch.enqueue(new TextEncoder().encode('hello')) }));
    },
    upgrade: ({ incoming, socket }) => {
      reached.push(incoming.url ?? '');
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\nupgraded');
      socket.on('data', (chunk) => socket.write(chunk)).on('error', () => socket.destroy());
    },
  });
  onTestFinished(async () => {
    const stopped = server.stop();
    await clock.advance(1000);
    await stopped;
  });
  return { ...server, reached };
}

interface Line {
  readonly socket: Socket;
  /** All that has come. */
  text(): string;
  /** Waits for what is to come, or for the end. */
  until(pattern: RegExp): Promise<string>;
}

function open(server: RunningServer, scheme: 'http' | 'https' = 'http'): Line {
  const to = { host: '127.0.0.1', port: server.port };
  const socket = scheme === 'http' ? connect(to) : connectTls({ ...to, ca: authority.certificate });
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  const until = async (pattern: RegExp): Promise<string> => {
    while (!pattern.test(text) && !socket.closed) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return text;
  };
  return { socket, text: () => text, until };
}

const head = (headers: Readonly<Record<string, string>>, path = '/', method = 'GET'): string =>
  `${method} ${path} HTTP/1.1\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

const upgrade = { connection: 'Upgrade', upgrade: 'websocket' };
const exec = '/api/v1/namespaces/default/pods/web/exec';

/** The status of an answer. */
async function ask(
  server: RunningServer,
  headers: Readonly<Record<string, string>>,
  scheme: 'http' | 'https' = 'http',
): Promise<number> {
  const line = open(server, scheme);
  line.socket.write(head({ connection: 'close', ...headers }, 'upgrade' in headers ? exec : '/'));
  return Number(/^HTTP\/1.1 (\d+)/.exec(await line.until(/\r\n\r\n/))?.[1]);
}

describe('the host of a request', () => {
  test.for(['localhost', 'LOCALHOST:8001', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:8001'])(
    'is served over plain HTTP: %s',
    async (host) => {
      const server = await serve();
      expect(await ask(server, { host })).toBe(200);
      expect(await ask(server, { host, ...upgrade })).toBe(101);
    },
  );

  test.for([
    'rebound.example:8001',
    'localhost.example',
    'notlocalhost',
    '127.0.0.1.example',
    '127.0.0.1@rebound.example',
    '10.0.0.3',
    '0.0.0.0',
    '::1',
    'localhost:',
    '',
  ])('refuses over plain HTTP, since a name of somebody else may lead to this port: %s', async (host) => {
    const server = await serve();
    const line = open(server);
    line.socket.write(head({ host }, '/secret'));
    expect(await line.until(/}$/)).toMatch(/^HTTP\/1.1 403 .*"kind":"Status".*"reason":"Forbidden"/s);
    expect(await ask(server, { host, ...upgrade })).toBe(403);
    expect(server.reached).toEqual([]);
  });

  test.each([{}, upgrade])('refuses a path that leads elsewhere, with the headers %o', async (headers) => {
    const server = await serve();
    const line = open(server);
    line.socket.write(
      head({ host: 'localhost', ...headers }, '/api/v1/namespaces/evil/pods/%2e%2e/%2e%2e/b/pods/p/exec'),
    );
    expect(await line.until(/segments/)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.reached).toEqual([]);
  });

  test('refuses two Host headers, of which Node would hear the first alone', async () => {
    const server = await serve();
    const line = open(server);
    line.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n');
    expect(await line.until(/one Host/)).toMatch(/^HTTP\/1\.1 400 /);
    expect(server.reached).toEqual([]);
  });

  test('refuses a request without one, as HTTP/1.0 has it', async () => {
    const line = open(await serve());
    line.socket.write('GET / HTTP/1.0\r\n\r\n');
    expect(await line.until(/}$/)).toContain(' 403 ');
  });

  test('is any over TLS, where the certificate tells: kubectl may use --tls-server-name', async () => {
    const server = await serve();
    expect(await ask(server, { host: 'skiff.example:8001' }, 'https')).toBe(200);
    expect(await ask(server, { host: 'skiff.example:8001', ...upgrade }, 'https')).toBe(101);
  });
});

describe('the page behind a request', () => {
  const own = { host: 'localhost:8001' };
  const schemes = ['http', 'https'] as const;
  const served = [
    {},
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:8001' },
    { origin: 'http://localhost:8001' },
    { origin: 'https://localhost:8001' },
  ];
  const refused = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:8001' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' },
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:3000' },
    { origin: 'http://localhost:8001.evil.example' },
    { origin: 'null' },
    { origin: '' },
  ];
  const cases = (all: readonly Record<string, string>[]) =>
    schemes.flatMap((scheme) => all.map((headers) => [scheme, headers] as const));

  test.for(cases(served))('is none, or of this origin, over %s: %o', async ([scheme, headers]) => {
    const server = await serve();
    expect(await ask(server, { ...own, ...headers }, scheme)).toBe(200);
    expect(await ask(server, { ...own, ...headers, ...upgrade }, scheme)).toBe(101);
  });

  test.for(cases(refused))('refuses another over %s: %o', async ([scheme, headers]) => {
    const server = await serve();
    expect(await ask(server, { ...own, ...headers }, scheme)).toBe(403);
    expect(await ask(server, { ...own, ...headers, ...upgrade }, scheme)).toBe(403);
    expect(server.reached).toEqual([]);
  });

  test('is served through kubectl proxy, which asks over TLS with a host of its own', async () => {
    const page = { origin: 'http://localhost:9000', 'sec-fetch-site': 'same-origin' };
    expect(await ask(await serve(), { host: '127.0.0.1:8001', ...page }, 'https')).toBe(200);
  });

  test('gets no header that lets it read an answer', async () => {
    const line = open(await serve());
    line.socket.write(head({ ...own, origin: 'http://localhost:8001' }));
    expect(await line.until(/served/)).not.toMatch(/access-control/i);
  });
});

describe('the limits of a connection', () => {
  const quick = { lookMilliseconds: 10 };

  test('refuses more header lines than it says, and never drops some of them', async () => {
    const many = (count: number): Record<string, string> =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, 'y']));
    const server = await serve();
    expect(await ask(server, { host: 'localhost', ...many(httpLimits.headers - 2) })).toBe(200);
    expect(await ask(server, { host: 'localhost', ...many(httpLimits.headers - 1) })).toBe(431);
    expect(await ask(server, { host: 'localhost', ...many(5000) })).toBe(431);
  });

  test('refuses more bytes of headers than it says', async () => {
    const server = await serve();
    const long = (bytes: number): Record<string, string> => ({ host: 'localhost', 'x-long': 'y'.repeat(bytes) });
    expect(await ask(server, long(httpLimits.headerBytes - 100))).toBe(200);
    expect(await ask(server, long(httpLimits.headerBytes))).toBe(431);
  });

  test('headers that do not come to an end are given up', async () => {
    const line = open(await serve({ ...quick, headersMilliseconds: 20 }));
    line.socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n');
    expect(await line.until(/never/)).toMatch(/^HTTP\/1.1 408 /);
  });

  test('a body that does not come to an end is given up', async () => {
    const line = open(await serve({ ...quick, requestMilliseconds: 20, headersMilliseconds: 20 }));
    line.socket.write(head({ host: 'localhost', 'content-length': '10' }, '/', 'POST'));
    expect(await line.until(/never/)).toMatch(/^HTTP\/1.1 408 /);
  });

  test('a TLS handshake that does not come to an end is given up', async () => {
    const line = open(await serve({ handshakeMilliseconds: 20 }));
    line.socket.write(Buffer.from([0x16, 3, 1, 2, 0]));
    await line.until(/never/);
    expect(line.socket.closed).toBe(true);
  });

  test('a connection that is idle between requests is closed', async () => {
    const line = open(await serve({ ...quick, idleMilliseconds: 1 }));
    line.socket.write(head({ host: 'localhost' }));
    expect(await line.until(/never/)).toContain('served 0 bytes');
    expect(line.socket.closed).toBe(true);
  });

  test('a watch and a connection of another protocol outlive all of these times', async () => {
    const times = { headersMilliseconds: 20, requestMilliseconds: 20, idleMilliseconds: 1, handshakeMilliseconds: 20 };
    const server = await serve({ ...quick, ...times, firstByteMilliseconds: 20 });
    const watch = open(server);
    watch.socket.write(head({ host: 'localhost' }, '/watch'));
    await watch.until(/hello/);
    const process = open(server);
    process.socket.write(head({ host: 'localhost', ...upgrade }, exec));
    await process.until(/upgraded/);
    // What comes later runs into each of the times.
    for (let count = 0; count < 3; count += 1) {
      const late = open(server);
      late.socket.write('GET / HTTP/1.1\r\n');
      await late.until(/never/);
    }
    expect(watch.socket.closed).toBe(false);
    process.socket.write('still there');
    expect(await process.until(/still there/)).toContain('still there');
  });

  test('turns connections away that are too many, until one has gone', async () => {
    const server = await serve({ connections: 2 });
    const lines = [open(server), open(server)];
    for (const line of lines) {
      line.socket.write(head({ host: 'localhost' }, '/watch'));
      await line.until(/hello/);
    }
    const third = open(server);
    expect(await third.until(/never/)).toBe('');
    lines[0]?.socket.destroy();
    while ((await ask(server, { host: 'localhost' })) !== 200);
  });
});
