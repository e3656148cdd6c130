import type { RawData, WebSocket } from 'ws';
import { maximumConnectionUnreadBytes, pieceOverheadBytes } from '../../kubernetes/limits.ts';
import type { Held } from '../unread-bytes.ts';
import type { ChannelProtocol } from './websocket-protocols.ts';

/** What is written before the socket has sent it. */
const mostWaitingBytes = 1024 * 1024;
const closeChannel = 255;
/** RFC 6455's close codes, and one from their registry: try again later. */
const normal = 1000;
const tooBusy = 1013;

/** The channels of a WebSocket: each message begins with the number of its channel. */
export class WebSocketChannels implements Held {
  readonly protocol: ChannelProtocol;
  /** Resolves when the client has gone. */
  readonly gone: Promise<void>;
  private readonly socket: WebSocket;
  private readonly inputs = new Map<number, Input>();
  private unread = 0;

  constructor(socket: WebSocket, protocol: ChannelProtocol) {
    this.socket = socket;
    this.protocol = protocol;
    this.gone = new Promise((resolve) => void socket.once('close', () => resolve()));
    socket.on('message', (message) => this.receive(bytesOf(message)));
    socket.on('error', () => socket.terminate());
    void this.gone.then(() => {
      for (const input of this.inputs.values()) input.end();
    });
  }

  /** What the client has sent and nobody has read. */
  bytes(): number {
    return this.unread;
  }

  /** What the client sends on a channel, until it closes that or goes. */
  read(channel: number): AsyncIterable<Buffer> {
    return this.input(channel).chunks();
  }

  /** Answers when more may be written. */
  async write(channel: number, data: Uint8Array): Promise<void> {
    if (this.socket.readyState !== this.socket.OPEN) return;
    const message = this.protocol.base64
      ? `${channel}${Buffer.from(data).toString('base64')}`
      : Buffer.concat([Buffer.from([channel]), data]);
    const sent = new Promise<void>((resolve) => this.socket.send(message, () => resolve()));
    if (this.socket.bufferedAmount > mostWaitingBytes) await Promise.race([sent, this.gone]);
  }

  /** All is said: what the client says from now on is for nobody. */
  finish(): void {
    this.leave(normal);
  }

  /** Lets go of what nobody has read. */
  end(): void {
    this.leave(tooBusy);
  }

  private leave(code: number): void {
    for (const input of this.inputs.values()) input.drop();
    this.socket.close(code);
    this.socket.resume();
  }

  /** Whether the client of a connection that is not read is still there shows only in what is written. */
  ping(): void {
    if (this.socket.isPaused) this.socket.ping();
  }

  private input(channel: number): Input {
    const known = this.inputs.get(channel);
    if (known !== undefined) return known;
    const input = new Input((bytes) => this.taken(bytes));
    this.inputs.set(channel, input);
    return input;
  }

  private receive(message: Buffer): void {
    const [channel, data] = this.protocol.base64
      ? [Number(message.toString('latin1', 0, 1)), Buffer.from(message.toString('latin1', 1), 'base64')]
      : [message[0] ?? 0, message.subarray(1)];
    if (channel === closeChannel && this.protocol.closes) {
      this.inputs.get(data[0] ?? 0)?.end();
      return;
    }
    // Channels that nobody reads are of no matter.
    if (data.length === 0 || this.inputs.get(channel)?.add(data) !== true) return;
    this.unread += costOf(data);
    if (this.unread > maximumConnectionUnreadBytes) this.socket.pause();
  }

  private taken(bytes: number): void {
    this.unread -= bytes;
    if (this.unread <= maximumConnectionUnreadBytes && this.socket.isPaused) this.socket.resume();
  }
}

/** One channel from the client. */
class Input {
  private readonly waiting: Buffer[] = [];
  private readonly taken: (bytes: number) => void;
  private wake = (): void => undefined;
  private ended = false;

  constructor(taken: (bytes: number) => void) {
    this.taken = taken;
  }

  add(data: Buffer): boolean {
    if (this.ended) return false;
    this.waiting.push(data);
    this.wake();
    return true;
  }

  end(): void {
    this.ended = true;
    this.wake();
  }

  /** Ends without what waits. */
  drop(): void {
    for (const data of this.waiting.splice(0)) this.taken(costOf(data));
    this.end();
  }

  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const next = this.waiting.shift();
      if (next !== undefined) {
        this.taken(costOf(next));
        yield next;
      } else if (this.ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}

const costOf = (data: Buffer): number => data.length + pieceOverheadBytes;

function bytesOf(message: RawData): Buffer {
  if (Array.isArray(message)) return Buffer.concat(message);
  return Buffer.isBuffer(message) ? message : Buffer.from(message);
}
