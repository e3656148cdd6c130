import type { Readable } from 'node:stream';

/** The control frames of SPDY/3.1 that Kubernetes' clients send, and what Skiff sends. */
export const frameTypes = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7, headers: 8 } as const;

export type Frame = ControlFrame | DataFrame;

export interface ControlFrame {
  readonly type: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

export interface DataFrame {
  readonly type: 'data';
  readonly streamId: number;
  readonly final: boolean;
  readonly payload: Buffer;
}

const headerBytes = 8;
const version = 3;
/** Clients send 32 KB at a time. */
const mostBytes = 1024 * 1024;

/** The frames in a stream of bytes. Throws when there is something else. */
export async function* readFrames(source: Readable): AsyncGenerator<Frame, void, undefined> {
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= headerBytes) {
      const first = waiting.readUInt32BE(0);
      const second = waiting.readUInt32BE(4);
      const length = second & 0xff_ff_ff;
      const isControl = first >>> 31 === 1;
      if (length > mostBytes || (isControl && ((first >>> 16) & 0x7fff) !== version)) throw new Error('not SPDY/3.1');
      if (waiting.length < headerBytes + length) break;
      const payload = waiting.subarray(headerBytes, headerBytes + length);
      waiting = waiting.subarray(headerBytes + length);
      const final = ((second >>> 24) & 1) === 1;
      if (isControl) yield { type: first & 0xffff, final, payload };
      else yield { type: 'data', streamId: first & 0x7fff_ffff, final, payload };
    }
  }
}

export function controlFrame(type: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(0x8000 | version, 0);
  header.writeUInt16BE(type, 2);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

export function dataFrame(streamId: number, payload: Buffer, final: boolean): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(streamId, 0);
  header.writeUInt32BE(payload.length, 4);
  header[4] = final ? 1 : 0;
  return Buffer.concat([header, payload]);
}
