import type { Readable } from 'node:stream';
import { maximumSpdyFrameBytes } from '../../../kubernetes/limits.ts';

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

/** The frames in a stream of bytes, which is left open. Throws when there is something else. */
export async function* readFrames(source: Readable): AsyncGenerator<Frame, void, undefined> {
  const parts = new Parts();
  for await (const chunk of source.iterator({ destroyOnReturn: false })) {
    parts.add(chunk);
    for (let frame = nextFrame(parts); frame !== undefined; frame = nextFrame(parts)) yield frame;
  }
}

function nextFrame(parts: Parts): Frame | undefined {
  const header = parts.peek(headerBytes);
  if (header === undefined) return undefined;
  const first = header.readUInt32BE(0);
  const second = header.readUInt32BE(4);
  const length = second & 0xff_ff_ff;
  const isControl = first >>> 31 === 1;
  if (length > maximumSpdyFrameBytes || (isControl && ((first >>> 16) & 0x7fff) !== version))
    throw new Error('not SPDY/3.1');
  const frame = parts.peek(headerBytes + length);
  if (frame === undefined) return undefined;
  parts.drop(frame.length);
  const payload = frame.subarray(headerBytes);
  const final = ((second >>> 24) & 1) === 1;
  return isControl
    ? { type: first & 0xffff, final, payload }
    : { type: 'data', streamId: first & 0x7fff_ffff, final, payload };
}

/** Bytes that come in parts. They are put together once they are enough, so that many small parts cost no more than one. */
class Parts {
  private parts: Buffer[] = [];
  private length = 0;

  add(part: Buffer): void {
    this.parts.push(part);
    this.length += part.length;
  }

  peek(length: number): Buffer | undefined {
    if (this.length < length) return undefined;
    const [first] = this.parts;
    if (first !== undefined && first.length >= length) return first.subarray(0, length);
    const all = Buffer.concat(this.parts);
    this.parts = [all];
    return all.subarray(0, length);
  }

  drop(length: number): void {
    const [first, ...rest] = this.parts;
    if (first === undefined) return;
    this.parts = first.length === length ? rest : [first.subarray(length), ...rest];
    this.length -= length;
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
