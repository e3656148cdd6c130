import type { Duplex } from 'node:stream';
import { writeTo } from '../write.ts';
import { controlFrame, dataFrame, type Frame, frameTypes, readFrames } from './frames.ts';
import { HeaderReader, HeaderWriter } from './header-block.ts';
import { SpdyStream } from './stream.ts';

/** What a client may have open at a time: three connections of a browser are six. */
const mostStreams = 1000;

/**
 * The server's side of SPDY/3.1, as far as Kubernetes' clients speak it: they open all streams and ignore windows
 * (kubernetes/kubernetes, apimachinery's httpstream/spdy).
 */
export class SpdyConnection {
  private readonly transport: Duplex;
  private readonly reader = new HeaderReader();
  private readonly writer = new HeaderWriter();
  private readonly streams = new Map<number, SpdyStream>();
  private ended = false;

  constructor(transport: Duplex) {
    this.transport = transport;
    transport.on('error', () => undefined);
  }

  /** Serves the connection until it ends, however; `opened` is told of each stream. Never rejects. */
  async serve(opened: (stream: SpdyStream) => void): Promise<void> {
    try {
      for await (const frame of readFrames(this.transport)) await this.receive(frame, opened);
    } catch {
      // Something that is no SPDY, or a connection that broke: it ends either way.
    }
    this.ended = true;
    for (const stream of this.streams.values()) stream.abandon();
    this.streams.clear();
    this.reader.close();
    this.transport.destroy();
  }

  /** Says good-bye and ends the connection once all is written. */
  end(): void {
    if (this.ended) return;
    this.transport.end(controlFrame(frameTypes.goAway, Buffer.alloc(8)));
  }

  /** Writes a frame; answers when more may be written. */
  private async write(frame: Buffer): Promise<void> {
    if (!this.ended) await writeTo(this.transport, frame);
  }

  private async receive(frame: Frame, opened: (stream: SpdyStream) => void): Promise<void> {
    const { type, payload } = frame;
    switch (type) {
      case 'data':
        await this.streams.get(frame.streamId)?.receive(payload, frame.final);
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
    if (this.streams.size >= mostStreams || this.streams.has(id)) throw new Error('too many SPDY streams');
    const stream = new SpdyStream({
      headers,
      send: (data, last) => this.write(dataFrame(id, data, last)),
      reset: () => this.write(controlFrame(frameTypes.reset, resetPayload(id))),
      closed: () => this.streams.delete(id),
    });
    this.streams.set(id, stream);
    const reply = Buffer.alloc(4);
    reply.writeUInt32BE(id);
    await this.write(controlFrame(frameTypes.synReply, Buffer.concat([reply, this.writer.write({})])));
    if (final) await stream.receive(Buffer.alloc(0), true);
    opened(stream);
  }
}

const cancel = 5;

function resetPayload(id: number): Buffer {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(id, 0);
  payload.writeUInt32BE(cancel, 4);
  return payload;
}
