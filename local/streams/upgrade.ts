import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import type { ApiDependencies } from '../../functions/api/dependencies.ts';
import { errorResponse } from '../../functions/api/errors.ts';
import { type StreamRequest, streamRequest } from '../../functions/api/stream-request.ts';
import {
  maximumConnectionUnreadBytes,
  maximumWebSocketMessageBytes,
  pingMilliseconds,
} from '../../kubernetes/limits.ts';
import { badRequest } from '../../kubernetes/status-error.ts';
import type { Held, UnreadBytes } from '../unread-bytes.ts';
import { every } from './every.ts';
import { servePortForward } from './port-forward.ts';
import { writeResponse } from './raw-response.ts';
import { SpdyConnection } from './spdy/connection.ts';
import { serveSpdyProcess } from './spdy-process.ts';
import { WebSocketChannels } from './websocket-channels.ts';
import { serveWebSocketForward } from './websocket-port-forward.ts';
import { serveWebSocketProcess } from './websocket-process.ts';
import { chooseProtocol, tunnelProtocol } from './websocket-protocols.ts';

/** A connection that wants another protocol, as node:http hands it on. */
export interface Upgrading {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Counts what waits on the connection. */
  readonly unread: UnreadBytes;
}

/** Takes a connection for exec, attach or port forwarding, over WebSocket or SPDY/3.1: see wants-stream.ts. */
export function upgradeHandler(dependencies: ApiDependencies): (connection: Upgrading) => void {
  const webSockets = webSocketServers();
  return (connection) => void handle(connection, { dependencies, webSockets });
}

interface Handling {
  readonly dependencies: ApiDependencies;
  readonly webSockets: ReturnType<typeof webSocketServers>;
}

async function handle(connection: Upgrading, { dependencies, webSockets }: Handling): Promise<void> {
  const { incoming, socket } = connection;
  try {
    const asked = await streamRequest(dependencies, requestOf(incoming));
    const serving = { asked, clock: dependencies.clock };
    if (incoming.headers.upgrade?.toLowerCase() === 'websocket') serveWebSocket(connection, { ...serving, webSockets });
    else await serveSpdy(connection, serving);
  } catch (error) {
    await writeResponse(socket, errorResponse(error, dependencies), dependencies.clock);
  }
}

/** The request without a body: none that asks for a stream has one. */
function requestOf({ url = '/', method = 'GET', headers }: IncomingMessage): Request {
  const kept = ['authorization', 'accept'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return new Request(`http://localhost${url}`, { method, headers: Object.fromEntries(kept) });
}

interface Serving {
  readonly asked: StreamRequest;
  readonly clock: ApiDependencies['clock'];
}

/** The version that Go's client and kubelet have spoken since Kubernetes 1.4. */
const processProtocol = 'v4.channel.k8s.io';
const forwardProtocol = 'portforward.k8s.io';

async function serveSpdy(connection: Upgrading, serving: Serving): Promise<void> {
  const { incoming, socket, head } = connection;
  const { asked } = serving;
  const chosen = asked.action === 'portforward' ? forwardProtocol : processProtocol;
  if (!words(incoming.headers['x-stream-protocol-version']).includes(chosen)) {
    const headers = { 'X-Accepted-Stream-Protocol-Versions': chosen };
    await writeResponse(
      socket,
      new Response('unable to upgrade: no common protocol version', { status: 403, headers }),
      serving.clock,
    );
    return;
  }
  socket.write(
    [
      'HTTP/1.1 101 Switching Protocols',
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      `X-Stream-Protocol-Version: ${chosen}`,
      '\r\n',
    ].join('\r\n'),
  );
  if (head.length > 0) socket.unshift(head);
  const spdy = newSpdy(socket, { connection, clock: serving.clock });
  connection.unread.hold(socket, { bytes: () => spdy.unreadBytes, end: () => spdy.abort() });
  await serveSpdyStreams(spdy, serving);
}

const serveSpdyStreams = (spdy: SpdyConnection, { asked, clock }: Serving): Promise<void> =>
  asked.action === 'portforward'
    ? servePortForward(spdy, { request: asked, clock })
    : serveSpdyProcess(spdy, { request: asked, clock });

/** SPDY over the connection, or over something that is spoken on it. */
const newSpdy = (
  transport: Duplex,
  { connection: { unread }, clock }: { connection: Upgrading; clock: ApiDependencies['clock'] },
): SpdyConnection => new SpdyConnection(transport, { clock, grew: (bytes) => unread.grew(bytes) });

function serveWebSocket(
  connection: Upgrading,
  { webSockets, ...serving }: Serving & { webSockets: Handling['webSockets'] },
): void {
  const { incoming, socket, head } = connection;
  const { asked, clock } = serving;
  const offered = words(incoming.headers['sec-websocket-protocol']);
  if (asked.action === 'portforward' && offered.includes(tunnelProtocol)) {
    // The name is no token of RFC 6455, so that the library would refuse it.
    delete incoming.headers['sec-websocket-protocol'];
    webSockets.tunnel.handleUpgrade(incoming, socket, head, (webSocket) => {
      answerPings(webSocket);
      const spdy = newSpdy(createWebSocketStream(webSocket), { connection, clock });
      holdMessages(connection, { webSocket, held: { bytes: () => spdy.unreadBytes, end: () => spdy.abort() } });
      void serveSpdyStreams(spdy, serving);
    });
    return;
  }
  const protocol = chooseProtocol(offered);
  if (protocol === undefined) throw badRequest(`none of the protocols is known: ${offered.join(', ')}`);
  webSockets.channels.handleUpgrade(incoming, socket, head, (webSocket) => {
    answerPings(webSocket);
    const channels = new WebSocketChannels(webSocket, protocol);
    holdMessages(connection, { webSocket, held: channels });
    const stop = every(clock, pingMilliseconds, () => channels.ping());
    webSocket.once('close', stop);
    void serveChannels(channels, asked);
  });
}

const serveChannels = (channels: WebSocketChannels, asked: StreamRequest): Promise<void> =>
  asked.action === 'portforward' ? serveWebSocketForward(channels, asked) : serveWebSocketProcess(channels, asked);

/** Counts what a WebSocket holds, messages that have not come whole among it. */
function holdMessages({ socket, unread }: Upgrading, { webSocket, held }: { webSocket: WebSocket; held: Held }): void {
  let partial = 0;
  socket.on('data', (chunk: Buffer) => {
    partial += chunk.length;
    unread.grew(chunk.length);
  });
  webSocket.on('message', () => {
    partial = 0;
  });
  unread.hold(socket, {
    bytes: () => held.bytes() + partial,
    end: () => {
      held.end();
      // It would go on to wait for the end of its message.
      if (partial > maximumConnectionUnreadBytes) webSocket.terminate();
    },
  });
}

/** Answers a client's pings as long as it takes the answers. */
function answerPings(socket: WebSocket): void {
  socket.on('ping', (data: Buffer) => {
    if (socket.bufferedAmount <= maximumConnectionUnreadBytes) socket.pong(data);
  });
}

function webSocketServers(): { readonly channels: WebSocketServer; readonly tunnel: WebSocketServer } {
  const settings = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: maximumWebSocketMessageBytes,
  };
  const channels = new WebSocketServer({
    ...settings,
    handleProtocols: (offered) => chooseProtocol([...offered])?.name ?? false,
  });
  const tunnel = new WebSocketServer(settings);
  tunnel.on('headers', (headers) => void headers.push(`Sec-WebSocket-Protocol: ${tunnelProtocol}`));
  return { channels, tunnel };
}

const words = (header: string | readonly string[] | undefined): readonly string[] =>
  [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
