import { getRequestListener } from '@hono/node-server';
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Clock } from '../kubernetes/clock.ts';
import { httpLimits } from '../kubernetes/limits.ts';
import { methodNotAllowed, type StatusError, tooManyRequests } from '../kubernetes/status-error.ts';
import type { Certificate } from './certificates.ts';
import { listening } from './listening.ts';
import { refusal } from './refusal.ts';
import { writeResponse } from './streams/raw-response.ts';
import type { Upgrading } from './streams/upgrade.ts';
import { wantsStream, withoutUpgrade } from './streams/wants-stream.ts';
import { UnreadBytes } from './unread-bytes.ts';

export interface ServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly certificate: Certificate;
  readonly clock: Clock;
  fetch(request: Request): Response | Promise<Response>;
  /** Takes requests for exec, attach and portforward in another protocol (`Connection: Upgrade`). */
  readonly upgrade?: (connection: Upgrading) => void;
  /** Others than the standard ones. */
  readonly limits?: Partial<Limits>;
}

export interface RunningServer {
  readonly port: number;
  /** Ends when every connection has gone: idle ones at once, others after a moment. */
  stop(): Promise<void>;
}

/** The first byte of a TLS handshake record; no HTTP method begins with it. */
const tlsHandshake = 0x16;
/** For answers on their way when the server stops; what lasts longer, such as a watch, is cut. */
const stopMilliseconds = 300;

/** Serves an API on one loopback port, over TLS and over plain HTTP. Rejects when it cannot listen. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const limits = { ...httpLimits, ...options.limits };
  const servers = makeServers(options, limits);
  const sockets = new Set<Socket>();
  // What node:http would set on a server that listens itself: no delay for small writes, half-closed clients get answers.
  const door = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const cancel = options.clock.after(limits.firstByteMilliseconds, () => socket.destroy());
    receive(socket, servers, cancel);
  });
  door.maxConnections = limits.connections;
  await listening(door, options.port);
  // Node begins to watch over header and request timeouts when a server starts to listen: these two never do so themselves.
  servers.http.emit('listening');
  servers.https.emit('listening');
  return {
    port: (door.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise<void>((resolve) => door.close(() => resolve()));
      servers.http.close();
      servers.https.close();
      const cancel = options.clock.after(stopMilliseconds, () => {
        for (const socket of sockets) socket.destroy();
      });
      await closed;
      cancel();
    },
  };
}

interface Servers {
  readonly http: HttpServer;
  readonly https: HttpServer;
}

type Limits = Readonly<Record<keyof typeof httpLimits, number>>;

function makeServers(options: ServerOptions, limits: Limits): Servers {
  const { key, certificate: cert } = options.certificate;
  const settings = {
    keepAliveTimeout: limits.idleMilliseconds,
    headersTimeout: limits.headersMilliseconds,
    requestTimeout: limits.requestMilliseconds,
    connectionsCheckingInterval: limits.lookMilliseconds,
    maxHeaderSize: limits.headerBytes,
  };
  const tls = { key, cert, ALPNProtocols: ['http/1.1'], handshakeTimeout: limits.handshakeMilliseconds };
  const http = createHttpServer(settings);
  const https = createHttpsServer({ ...settings, ...tls });
  const unread = new UnreadBytes(options.clock);
  answer(http, { ...options, unread, connected: 'connection' });
  answer(https, { ...options, unread, connected: 'secureConnection' });
  return { http, https };
}

interface Answering extends Pick<ServerOptions, 'fetch' | 'upgrade' | 'clock'> {
  readonly unread: UnreadBytes;
  /** The event of a connection on which HTTP can be spoken. */
  readonly connected: 'connection' | 'secureConnection';
}

/** Answers what a server receives, apart from what is refused. */
function answer(server: HttpServer, answering: Answering): void {
  const { unread, upgrade, connected } = answering;
  const isSecure = connected === 'secureConnection';
  const listener = getRequestListener((request) => answering.fetch(request));
  server.on(connected, (socket) => unread.follow(socket));
  server.on('request', (request, response) => {
    const refused = refusal(request, isSecure) ?? (unread.isFull && !isAboutHealth(request) ? overloaded() : undefined);
    if (refused === undefined) {
      void listener(request, response).then(() => unread.grew(response.writableLength));
      return;
    }
    const { retryAfterSeconds } = refused.status.details ?? {};
    response.writeHead(refused.code, {
      'Content-Type': 'application/json',
      Connection: 'close',
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    });
    response.end(JSON.stringify(refused.status));
  });
  // Node would close the connection without a word.
  server.on(
    'connect',
    (_request, socket) => void writeResponse(socket, statusResponse(methodNotAllowed()), answering.clock),
  );
  server.on('upgrade', (incoming, socket, head) => {
    if (upgrade === undefined || !wantsStream(incoming)) {
      // The bytes go back, as the beginning of a connection that asks for nothing else.
      for (const bytes of [head, withoutUpgrade(incoming)]) socket.unshift(bytes);
      server.emit(connected, socket);
      return;
    }
    socket.on('error', () => socket.destroy());
    const refused = refusal(incoming, isSecure);
    if (refused === undefined) upgrade({ incoming, socket, head, unread });
    else void writeResponse(socket, statusResponse(refused), answering.clock);
  });
}

const isAboutHealth = ({ url = '' }: IncomingMessage): boolean => /^\/(healthz|livez|readyz)\b/.test(url);

/** Clients of Kubernetes come again after a second. */
const overloaded = (): StatusError =>
  tooManyRequests('too much waits for clients that do not read, please try again later', 1);

const statusResponse = ({ status, code }: StatusError): Response => Response.json(status, { status: code });

/** Looks at the first byte of a connection and hands it on. */
function receive(socket: Socket, servers: Servers, cancelDeadline: () => void): void {
  const giveUp = (): void => {
    socket.destroy();
  };
  socket.once('close', cancelDeadline);
  socket.once('error', giveUp);
  socket.once('end', giveUp);
  socket.once('readable', () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    cancelDeadline();
    socket.off('close', cancelDeadline).off('error', giveUp).off('end', giveUp);
    socket.unshift(chunk);
    (chunk[0] === tlsHandshake ? servers.https : servers.http).emit('connection', socket);
  });
}
