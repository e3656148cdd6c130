import { Duplex } from 'node:stream';
import { pieceOverheadBytes } from '../../../kubernetes/limits.ts';
import type { Headers } from './header-block.ts';

export interface SpdyStreamOptions {
  readonly headers: Headers;
  /** Answers when more may be sent. */
  send(data: Buffer, last: boolean): Promise<void>;
  reset(): Promise<void>;
  closed(): void;
  /** Told of bytes that wait for a reader, and of those that wait no more, as a negative number. */
  unread(bytes: number): void;
}

const mostBytesInFrame = 32 * 1024;

/** One stream of a SPDY connection. Either side may end before the other. */
export class SpdyStream extends Duplex {
  readonly headers: Headers;
  private readonly options: SpdyStreamOptions;
  private readonly waiting: Buffer[] = [];
  private hasReader = false;
  private lastCame = false;
  private abandoned = false;

  constructor(options: SpdyStreamOptions) {
    // What waits is counted here, so that Node's own buffer stays empty until somebody reads.
    super({ readableHighWaterMark: 0, allowHalfOpen: true });
    this.headers = options.headers;
    this.options = options;
    this.on('error', () => undefined);
  }

  /** Data from the client. */
  receive(data: Buffer, last: boolean): void {
    if (this.destroyed || this.lastCame) return;
    this.lastCame = last;
    if (data.length > 0) {
      this.waiting.push(data);
      this.options.unread(costOf(data));
    }
    if (this.hasReader) this._read();
  }

  /** The client has let go of the stream. */
  abandon(): void {
    this.abandoned = true;
    this.destroy();
  }

  override _read(): void {
    this.hasReader = false;
    const next = this.waiting.shift();
    if (next !== undefined) {
      this.options.unread(-costOf(next));
      this.push(next);
    } else if (this.lastCame) this.push(null);
    else this.hasReader = true;
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
    for (const data of this.waiting.splice(0)) this.options.unread(-costOf(data));
    if (!this.abandoned && !(this.readableEnded && this.writableFinished)) void this.options.reset();
    this.options.closed();
    done(error);
  }
}

const costOf = (data: Buffer): number => data.length + pieceOverheadBytes;
