import { constants, createInflate } from 'node:zlib';
import { maximumHeaderBlockBytes } from '../../../kubernetes/limits.ts';
import { dictionary } from './dictionary.ts';

export type Headers = Readonly<Record<string, string>>;

/** Reads the header blocks of one direction of a connection, which share one compression. */
export class HeaderReader {
  private readonly inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private fail: (error: Error) => void = () => undefined;

  constructor() {
    this.inflate.on('data', (chunk: Buffer) => this.collect(chunk));
    // A write that fails so is never called back.
    this.inflate.on('error', (error) => this.fail(error));
  }

  /** One block at a time. Rejects when it is malformed or grows too large; the connection cannot go on then. */
  async read(block: Buffer): Promise<Headers> {
    this.length = 0;
    await new Promise<void>((resolve, reject) => {
      this.fail = reject;
      this.inflate.write(block, (error) => (error == null ? resolve() : reject(error)));
    });
    return parse(Buffer.concat(this.chunks.splice(0)));
  }

  close(): void {
    this.inflate.destroy();
  }

  /** A few bytes may stand for gigabytes: nothing is decompressed beyond the limit. */
  private collect(chunk: Buffer): void {
    this.length += chunk.length;
    if (this.length <= maximumHeaderBlockBytes) return void this.chunks.push(chunk);
    this.chunks.length = 0;
    this.inflate.destroy();
    this.fail(new Error('a SPDY header block is too large'));
  }
}

function parse(plain: Buffer): Headers {
  let offset = 4;
  const word = (): string => {
    const start = offset + 4;
    offset = start + plain.readUInt32BE(offset);
    if (offset > plain.length) throw new Error('a SPDY header block is cut short');
    return plain.toString('utf8', start, offset);
  };
  const count = plain.readUInt32BE(0);
  const headers = new Map<string, string>();
  for (let index = 0; index < count; index += 1) headers.set(word().toLowerCase(), word());
  return Object.fromEntries(headers);
}

/** About what headers take while they are kept. */
export const headerBytes = (headers: Headers): number =>
  Object.entries(headers).reduce((bytes, [name, value]) => bytes + name.length + value.length, 0);

/** Ends a deflate block, so that the reader need not wait for more (RFC 1951, 3.2.4: an empty stored block). */
const syncFlush = Buffer.from([0, 0, 0, 0xff, 0xff]);
/** Deflate with a 32 KB window, and a preset dictionary (RFC 1950, 2.2). */
const zlibHeader = Buffer.from([0x78, 0xbb]);

/** Writes header blocks for the other direction: stored, since what Skiff sends is a few bytes. */
export class HeaderWriter {
  private begun = false;

  write(headers: Headers): Buffer {
    const entries = Object.entries(headers);
    const plain = Buffer.concat([
      uint32(entries.length),
      ...entries.flat().flatMap((text) => [uint32(Buffer.byteLength(text)), Buffer.from(text)]),
    ]);
    const stored = Buffer.alloc(5);
    stored.writeUInt16LE(plain.length, 1);
    stored.writeUInt16LE(~plain.length & 0xffff, 3);
    const preamble = this.begun ? [] : [zlibHeader, uint32(adler32(dictionary))];
    this.begun = true;
    return Buffer.concat([...preamble, stored, plain, syncFlush]);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** RFC 1950, 8.2: names the dictionary. */
function adler32(data: Buffer): number {
  let low = 1;
  let high = 0;
  for (const byte of data) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return ((high << 16) | low) >>> 0;
}
