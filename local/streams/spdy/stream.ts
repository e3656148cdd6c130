import { Duplex } from 'node:stream';
import type { Headers } from './header-block.ts';

export interface SpdyStreamOptions {
  readonly headers: Headers;
  /** Answers when more may be sent. */
  send(data: Buffer, last: boolean): Promise<void>;
  reset(): Promise<void>;
  closed(): void;
}

/** What is taken from the connection before somebody reads it. */
const highWaterMark = 1024 * 1024;
const mostBytesInFrame = 32 * 1024;

/** One stream of a SPDY connection. Either side may end before the other. */
export class SpdyStream extends Duplex {
  readonly headers: Headers;
  private readonly options: SpdyStreamOptions;
  private wanted: (() => void) | undefined;
  private abandoned = false;

  constructor(options: SpdyStreamOptions) {
    super({ readableHighWaterMark: highWaterMark, allowHalfOpen: true });
    this.headers = options.headers;
    this.options = options;
    this.on('error', () => undefined);
  }

  /** Data from the client. Answers when there is room for more: until then the whole connection waits. */
  async receive(data: Buffer, last: boolean): Promise<void> {
    if (this.destroyed) return;
    const hasRoom = data.length === 0 || this.push(data);
    if (last) this.push(null);
    if (hasRoom || last) return;
    await new Promise<void>((resolve) => {
      this.wanted = resolve;
    });
  }

  /** The client has let go of the stream. */
  abandon(): void {
    this.abandoned = true;
    this.destroy();
  }

  override _read(): void {
    this.wanted?.();
    this.wanted = undefined;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const send = async (): Promise<void> => {
      for (let start = 0; start < chunk.length; start += mostBytesInFrame)
        await this.options.send(chunk.subarray(start, start + mostBytesInFrame), false);
    };
    void send().finally(() => done());
  }

  override _final(done: (error?: Error | null) => void): void {
    void this.options.send(Buffer.alloc(0), true).finally(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this._read();
    if (!this.abandoned && !(this.readableEnded && this.writableFinished)) void this.options.reset();
    this.options.closed();
    done(error);
  }
}
