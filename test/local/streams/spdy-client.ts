import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';
import { dictionary } from '../../../local/streams/spdy/dictionary.ts';
import { controlFrame, dataFrame, type Frame, readFrames } from '../../../local/streams/spdy/frames.ts';

/** A client of SPDY/3.1 that compresses as Go's does, for tests. */
export class SpdyClient {
  /** Everything that the server has sent, in order. */
  readonly received: Frame[] = [];
  readonly ended: Promise<void>;
  private readonly transport: Duplex;
  private readonly deflate = createDeflate({ dictionary, flush: constants.Z_SYNC_FLUSH });
  private readonly inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });
  private next = 1;

  constructor(transport: Duplex) {
    this.transport = transport;
    this.ended = this.receive();
  }

  private async receive(): Promise<void> {
    try {
      for await (const frame of readFrames(this.transport)) this.received.push(frame);
    } catch {
      // The server may cut the connection.
    }
  }

  /** Opens a stream and waits for the reply, as Kubernetes' clients do. */
  async open(headers: Readonly<Record<string, string>>): Promise<number> {
    const id = this.next;
    this.next += 2;
    const replies = this.replies().length;
    const payload = Buffer.alloc(10);
    payload.writeUInt32BE(id);
    this.transport.write(controlFrame(1, Buffer.concat([payload, await this.block(headers)])));
    await until(() => this.replies().length > replies);
    return id;
  }

  send(id: number, text: string | Buffer, final = false): void {
    this.transport.write(dataFrame(id, Buffer.from(text), final));
  }

  raw(bytes: Buffer): void {
    this.transport.write(bytes);
  }

  /** What has come on a stream so far. */
  data(id: number): string {
    return Buffer.concat(
      this.received.flatMap((frame) =>
        frame.type === 'data' && 'streamId' in frame && frame.streamId === id ? [frame.payload] : [],
      ),
    ).toString();
  }

  hasEnded(id: number): boolean {
    return this.received.some(
      (frame) => frame.type === 'data' && 'streamId' in frame && frame.streamId === id && frame.final,
    );
  }

  control(type: number): readonly Frame[] {
    return this.received.filter((frame) => frame.type === type);
  }

  /** The headers of the replies, whose blocks share one compression. */
  async replyHeaders(): Promise<Buffer[]> {
    const blocks: Buffer[] = [];
    for (const { payload } of this.replies()) {
      this.inflate.write(payload.subarray(4));
      const [plain] = (await once(this.inflate, 'data')) as [Buffer];
      blocks.push(plain);
    }
    return blocks;
  }

  private replies(): readonly Frame[] {
    return this.control(2);
  }

  private async block(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const entries = Object.entries(headers);
    const number = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    };
    const plain = Buffer.concat([
      number(entries.length),
      ...entries.flat().flatMap((text) => [number(Buffer.byteLength(text)), Buffer.from(text)]),
    ]);
    const chunks: Buffer[] = [];
    const collect = (chunk: Buffer): void => void chunks.push(chunk);
    this.deflate.on('data', collect);
    await new Promise<void>((resolve) => void this.deflate.write(plain, () => resolve()));
    this.deflate.off('data', collect);
    return Buffer.concat(chunks);
  }
}

/** Waits for something that other turns of the event loop bring about. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 100_000) throw new Error('it does not come about');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
