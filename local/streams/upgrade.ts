import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import type { ApiDependencies } from '../../functions/api/dependencies.ts';
import { errorResponse } from '../../functions/api/errors.ts';
import { type StreamRequest, streamRequest } from '../../functions/api/stream-request.ts';
import { badRequest } from '../../kubernetes/status-error.ts';
import { servePortForward } from './port-forward.ts';
import { writeResponse } from './raw-response.ts';
import { serveSpdyProcess } from './spdy-process.ts';
import { serveWebSocketForward } from './websocket-port-forward.ts';
import { serveWebSocketProcess } from './websocket-process.ts';
import { type ChannelProtocol, chooseProtocol, tunnelProtocol } from './websocket-protocols.ts';

export interface UpgradeOptions {
  readonly dependencies: ApiDependencies;
  /** Answers requests whose other protocol nobody here speaks, as if they had not asked for it. */
  fetch(request: Request): Response | Promise<Response>;
}

/** A connection that wants another protocol, as node:http hands it on. */
interface Connection {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

type Upgrade = (incoming: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Takes the requests that ask for another protocol: exec, attach and port forwarding, over WebSocket or SPDY/3.1. */
export function upgradeHandler(options: UpgradeOptions): Upgrade {
  const webSockets = webSocketServers();
  return (incoming, socket, head) => {
    socket.on('error', () => socket.destroy());
    void handle({ incoming, socket, head }, { ...options, webSockets });
  };
}

interface Handling extends UpgradeOptions {
  readonly webSockets: ReturnType<typeof webSocketServers>;
}

async function handle(connection: Connection, handling: Handling): Promise<void> {
  const { incoming, socket } = connection;
  const protocol = incoming.headers.upgrade?.toLowerCase() ?? '';
  try {
    const request = requestOf(incoming);
    if (!isStream(request.url) || !['websocket', 'spdy/3.1'].includes(protocol)) {
      await writeResponse(socket, await handling.fetch(request));
      return;
    }
    const asked = await streamRequest(handling.dependencies, request);
    if (protocol === 'websocket') serveWebSocket(connection, { asked, webSockets: handling.webSockets });
    else await serveSpdy(connection, { asked, clock: handling.dependencies.clock });
  } catch (error) {
    await writeResponse(socket, errorResponse(error, handling.dependencies));
  }
}

/** The request without a body: none that Skiff answers on such a connection has one. */
function requestOf({ url = '/', method = 'GET', headers }: IncomingMessage): Request {
  const kept = ['authorization', 'accept'].flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return new Request(`http://localhost${url}`, { method, headers: Object.fromEntries(kept) });
}

const isStream = (url: string): boolean => /\/pods\/[^/]+\/(exec|attach|portforward)$/.test(new URL(url).pathname);

/** The version that Go's client and kubelet have spoken since Kubernetes 1.4. */
const processProtocol = 'v4.channel.k8s.io';
const forwardProtocol = 'portforward.k8s.io';

async function serveSpdy(
  { incoming, socket, head }: Connection,
  { asked, clock }: { asked: StreamRequest; clock: ApiDependencies['clock'] },
): Promise<void> {
  const chosen = asked.action === 'portforward' ? forwardProtocol : processProtocol;
  if (!words(incoming.headers['x-stream-protocol-version']).includes(chosen)) {
    const headers = { 'X-Accepted-Stream-Protocol-Versions': chosen };
    await writeResponse(
      socket,
      new Response('unable to upgrade: no common protocol version', { status: 403, headers }),
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
  if (asked.action === 'portforward') await servePortForward(socket, asked);
  else await serveSpdyProcess(socket, { request: asked, clock });
}

function serveWebSocket(
  { incoming, socket, head }: Connection,
  { asked, webSockets }: { asked: StreamRequest; webSockets: Handling['webSockets'] },
): void {
  const offered = words(incoming.headers['sec-websocket-protocol']);
  if (asked.action === 'portforward' && offered.includes(tunnelProtocol)) {
    // The name is no token of RFC 6455, so that the library would refuse it.
    delete incoming.headers['sec-websocket-protocol'];
    webSockets.tunnel.handleUpgrade(incoming, socket, head, (webSocket) => {
      void servePortForward(createWebSocketStream(webSocket), asked);
    });
    return;
  }
  const protocol = chooseProtocol(offered);
  if (protocol === undefined) throw badRequest(`none of the protocols is known: ${offered.join(', ')}`);
  webSockets.channels.handleUpgrade(incoming, socket, head, (webSocket) => {
    void serveChannels(webSocket, asked, protocol);
  });
}

const serveChannels = (socket: WebSocket, asked: StreamRequest, protocol: ChannelProtocol): Promise<void> =>
  asked.action === 'portforward'
    ? serveWebSocketForward(socket, { request: asked, protocol })
    : serveWebSocketProcess(socket, { request: asked, protocol });

function webSocketServers(): { readonly channels: WebSocketServer; readonly tunnel: WebSocketServer } {
  const settings = { noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 16 * 1024 * 1024 };
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
