import type { Duplex } from 'node:stream';
import type { Clock } from '../../../kubernetes/clock.ts';
import {
  goodbyeMilliseconds,
  maximumConnectionUnreadBytes,
  maximumHeaderBytes,
  maximumSpdyStreams,
  pingMilliseconds,
} from '../../../kubernetes/limits.ts';
import { every } from '../every.ts';
import { writeTo } from '../write.ts';
import { controlFrame, dataFrame, type Frame, frameTypes, readFrames } from './frames.ts';
import { headerBytes, HeaderReader, type Headers, HeaderWriter } from './header-block.ts';
import { SpdyStream } from './stream.ts';

export interface SpdyOptions {
  readonly clock: Clock;
  /** Told of each piece that begins to wait for a reader. */
  grew?(bytes: number): void;
}

/** Why a connection ends (SPDY Protocol, draft 3.1, 2.6.6). */
const goAway = { ok: 0, protocolError: 1 } as const;

/**
 * The server's side of SPDY/3.1, as far as Kubernetes' clients speak it: they open all streams and ignore windows
 * (kubernetes/kubernetes, apimachinery's httpstream/spdy).
 */
export class SpdyConnection {
  private readonly transport: Duplex;
  private readonly options: SpdyOptions;
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  private readonly streams = new Map<number, SpdyStream>();
  private unread = 0;
  private headers = 0;
  private roomCame = (): void => undefined;
  private cancelGoodbye: (() => void) | undefined;
  private ended = false;

  constructor(transport: Duplex, options: SpdyOptions) {
    this.transport = transport;
    this.options = options;
    transport.on('error', () => undefined);
    transport.once('close', () => {
      this.cancelGoodbye?.();
      this.leave();
    });
  }

  /** What the client has sent and nobody has read. */
  get unreadBytes(): number {
    return this.unread;
  }

  /** Serves the connection until it ends, however; `opened` is told of each stream. Never rejects. */
  async serve(opened: (stream: SpdyStream) => void): Promise<void> {
    try {
      for await (const frame of readFrames(this.transport)) {
        await this.receive(frame, opened);
        await this.room();
      }
      this.transport.destroy();
    } catch {
      // Something that is no SPDY, too much of it, or a connection that broke: it ends either way.
      this.end(goAway.protocolError);
      this.transport.once('finish', () => this.transport.destroy());
    }
    this.leave();
    if (!this.transport.closed) await new Promise<void>((resolve) => void this.transport.once('close', resolve));
  }

  /** Says good-bye and ends the connection once all is written; a client that does not go then is cut off. */
  end(reason: number = goAway.ok): void {
    if (this.ended || this.cancelGoodbye !== undefined) return;
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(reason, 4);
    this.transport.end(controlFrame(frameTypes.goAway, payload));
    this.cancelGoodbye = this.options.clock.after(goodbyeMilliseconds, () => this.transport.destroy());
  }

  /** Ends the connection and lets go of its streams at once. */
  abort(): void {
    this.end(goAway.protocolError);
    this.leave();
  }

  private leave(): void {
    this.ended = true;
    for (const stream of this.streams.values()) stream.abandon();
    this.streams.clear();
    this.reader.close();
    this.roomCame();
  }

  /** Writes a frame; answers when more may be written. */
  private async write(frame: Buffer): Promise<void> {
    if (!this.ended) await writeTo(this.transport, frame);
  }

  private count(bytes: number): void {
    this.unread += bytes;
    if (bytes > 0) this.options.grew?.(bytes);
    else if (this.unread <= maximumConnectionUnreadBytes) this.roomCame();
  }

  /** Nothing more is taken from the connection while too much of it waits for readers. */
  private async room(): Promise<void> {
    if (this.unread <= maximumConnectionUnreadBytes) return;
    // Whether the client is still there shows only in what is written.
    const ping = controlFrame(frameTypes.ping, Buffer.from([0, 0, 0, 2]));
    const stop = every(this.options.clock, pingMilliseconds, () => void this.write(ping));
    while (this.unread > maximumConnectionUnreadBytes && !this.ended) {
      await new Promise<void>((resolve) => {
        this.roomCame = resolve;
      });
    }
    stop();
  }

  private async receive(frame: Frame, opened: (stream: SpdyStream) => void): Promise<void> {
    if (this.ended) return;
    const { type, payload } = frame;
    switch (type) {
      case 'data':
        this.streams.get(frame.streamId)?.receive(payload, frame.final);
        break;
      case frameTypes.synStream:
        await this.open(frame, opened);
        break;
      case frameTypes.headers:
        // Nothing in them matters; they are a part of the compression all the same.
        await this.reader.read(payload.subarray(4));
        break;
      case frameTypes.reset:
        this.streams.get(payload.readUInt32BE(0))?.abandon();
        this.streams.delete(payload.readUInt32BE(0));
        break;
      case frameTypes.ping:
        await this.write(controlFrame(frameTypes.ping, payload));
        break;
      default:
    }
  }

  private async open(
    { payload, final }: Pick<Frame, 'payload' | 'final'>,
    opened: (stream: SpdyStream) => void,
  ): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fff_ffff;
    const headers = await this.reader.read(payload.subarray(10));
    if (this.streams.size >= maximumSpdyStreams || this.streams.has(id)) throw new Error('too many SPDY streams');
    const stream = this.streamOf(id, headers);
    this.streams.set(id, stream);
    if (this.headers > maximumHeaderBytes) throw new Error('too many SPDY headers');
    const reply = Buffer.alloc(4);
    reply.writeUInt32BE(id);
    await this.write(controlFrame(frameTypes.synReply, Buffer.concat([reply, this.writer.write({})])));
    if (final) stream.receive(Buffer.alloc(0), true);
    if (!this.ended) opened(stream);
  }

  private streamOf(id: number, headers: Headers): SpdyStream {
    const bytes = headerBytes(headers);
    this.headers += bytes;
    return new SpdyStream({
      headers,
      send: (data, last) => this.write(dataFrame(id, data, last)),
      reset: () => this.write(controlFrame(frameTypes.reset, resetPayload(id))),
      closed: () => {
        this.headers -= bytes;
        this.streams.delete(id);
      },
      unread: (count) => this.count(count),
    });
  }
}

const cancel = 5;

function resetPayload(id: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(id, 0);
  payload.writeUInt32BE(cancel, 4);
  return payload;
}
