import { getRequestListener } from '@hono/node-server';
import { createServer as createHttpServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Clock } from '../kubernetes/clock.ts';
import { methodNotAllowed, type StatusError } from '../kubernetes/status-error.ts';
import type { Certificate } from './certificates.ts';
import { listening } from './listening.ts';
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
  /** How long a connection may stay silent at its beginning. */
  readonly silenceMilliseconds?: number;
}

export interface RunningServer {
  readonly port: number;
  /** Ends when every connection has gone: idle ones at once, others after a moment. */
  stop(): Promise<void>;
}

/** The first byte of a TLS handshake record; no HTTP method begins with it. */
const tlsHandshake = 0x16;
const defaultSilenceMilliseconds = 10_000;
/** For answers on their way when the server stops; what lasts longer, such as a watch, is cut. */
const stopMilliseconds = 300;

/** Serves an API on one loopback port, over TLS and over plain HTTP. Rejects when it cannot listen. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const servers = makeServers(options);
  const sockets = new Set<Socket>();
  // What node:http would set on a server that listens itself: no delay for small writes, half-closed clients get answers.
  const door = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    receive(socket, servers, options);
  });
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

function makeServers(options: ServerOptions): Servers {
  const { certificate, upgrade } = options;
  const listener = getRequestListener((request) => options.fetch(request));
  const settings = {
    // Longer than the 90 s that Go's clients keep an idle connection: the client has to be the one that closes.
    keepAliveTimeout: 120_000,
    headersTimeout: 60_000,
    // For a whole request with its body, which has at most a few MB; answers may take as long as they like.
    requestTimeout: 300_000,
  };
  const unread = new UnreadBytes(options.clock);
  const onRequest = (request: IncomingMessage, response: Parameters<typeof listener>[1]): void => {
    void listener(request, response).then(() => unread.grew(response.writableLength));
  };
  const tls = { key: certificate.key, cert: certificate.certificate, handshakeTimeout: 10_000 };
  const http = createHttpServer(settings, onRequest);
  const https = createHttpsServer({ ...settings, ...tls, ALPNProtocols: ['http/1.1'] }, onRequest);
  for (const [server, connected] of [[http, 'connection'] as const, [https, 'secureConnection'] as const]) {
    server.on(connected, (socket) => unread.follow(socket));
    // Node would close the connection without a word.
    server.on('connect', (_incoming, socket) => void writeResponse(socket, refusal(methodNotAllowed()), options.clock));
    server.on('upgrade', (incoming, socket, head) => {
      if (upgrade !== undefined && wantsStream(incoming)) {
        socket.on('error', () => socket.destroy());
        return upgrade({ incoming, socket, head, unread });
      }
      // The bytes go back, as the beginning of a connection that asks for nothing else.
      for (const bytes of [head, withoutUpgrade(incoming)]) socket.unshift(bytes);
      server.emit(connected, socket);
    });
  }
  return { http, https };
}

const refusal = ({ status }: StatusError): Response => Response.json(status, { status: status.code ?? 500 });

/** Looks at the first byte of a connection and hands it on. */
function receive(socket: Socket, servers: Servers, options: ServerOptions): void {
  const giveUp = (): void => {
    socket.destroy();
  };
  const cancelDeadline = options.clock.after(options.silenceMilliseconds ?? defaultSilenceMilliseconds, giveUp);
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
