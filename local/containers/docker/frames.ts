import type { Readable } from 'node:stream';

export interface FrameChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly data: Buffer;
  /** The last part of its frame. */
  readonly ends: boolean;
}

const headerBytes = 8;

/**
 * The output of a container without a terminal: frames of one byte that names the stream, three of padding, the length
 * as four bytes, and the data (Docker Engine API, ContainerAttach). Frames may be cut anywhere.
 */
export async function* multiplexed(source: Readable): AsyncGenerator<FrameChunk, void, undefined> {
  let stream: FrameChunk['stream'] = 'stdout';
  let header: Buffer = Buffer.alloc(0);
  let left = 0;
  for await (const chunk of source) {
    let rest: Buffer = chunk;
    while (rest.length > 0) {
      if (left > 0) {
        const data = rest.subarray(0, left);
        left -= data.length;
        rest = rest.subarray(data.length);
        yield { stream, data, ends: left === 0 };
        continue;
      }
      const missing = headerBytes - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < headerBytes) break;
      stream = header[0] === 2 ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  }
}

/** The output of a terminal: all of it is one stream, without frames. */
export async function* unframed(source: Readable): AsyncGenerator<FrameChunk, void, undefined> {
  for await (const chunk of source) yield { stream: 'stdout', data: chunk, ends: false };
}
