import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { maximumObjectBytes } from '../../kubernetes/limits.ts';
import type { ObjectKey } from '../../kubernetes/object.ts';
import { requestTooLarge } from '../../kubernetes/status-error.ts';
import { bytes, bytesOf, type Item, keyItem } from './attributes.ts';
import { partKey } from './layout.ts';
import type { Table } from './table.ts';

/** An object may have so many bytes, and its tombstone and its end some more. */
const maximumText = maximumObjectBytes + 16 * 1024;

/** Shorter texts gain nothing: DynamoDB counts whole kilobytes. */
const packedFrom = 1024;

/** An entry of the log holds an object before and after: two of these fit into an item of 400 KB. */
const maximumInline = 170 * 1024;

const partSize = 350 * 1024;

const plain = 0;
const deflated = 1;

/** An object's text as bytes: one piece that goes into the item itself, or several that are items of their own. */
export interface Body {
  readonly inline?: Uint8Array;
  readonly parts: readonly Uint8Array[];
}

/** Throws StatusError 413 when the text is larger than the store takes. */
export function bodyOf(text: string): Body {
  if (new TextEncoder().encode(text).length > maximumText) throw requestTooLarge(maximumText);
  const packed = pack(text);
  if (packed.length <= maximumInline) return { inline: packed, parts: [] };
  const parts: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += partSize) parts.push(packed.subarray(at, at + partSize));
  return { parts };
}

/** The first byte says how the others are to be read. */
export function pack(text: string): Uint8Array {
  const raw = new TextEncoder().encode(text);
  const content = raw.length < packedFrom ? raw : deflateRawSync(raw);
  const packed = new Uint8Array(content.length + 1);
  packed[0] = raw.length < packedFrom ? plain : deflated;
  packed.set(content, 1);
  return packed;
}

export function unpack(packed: Uint8Array): string {
  const content = packed.subarray(1);
  return new TextDecoder().decode(packed[0] === deflated ? inflateRawSync(content) : content);
}

/** The items of a body that is in parts. */
export const partItems = (key: ObjectKey, revision: number, { parts }: Body): Item[] =>
  parts.map((part, index) => ({ ...keyItem(partKey(key, revision, index)), payload: bytes(part) }));

/** The text of a body in so many parts; they outlive every item that refers to them. */
export async function readParts(
  table: Table,
  key: ObjectKey,
  at: { revision: number; parts: number },
): Promise<string> {
  const keys = Array.from({ length: at.parts }, (_, index) => partKey(key, at.revision, index));
  const items = await Promise.all(keys.map((each) => table.get(each)));
  const parts = items.map((item, index) => {
    if (item === undefined) throw new Error(`part ${index} of ${keys[index]?.pk} at revision ${at.revision} is gone`);
    return bytesOf(item, 'payload');
  });
  const packed = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    packed.set(part, offset);
    offset += part.length;
  }
  return unpack(packed);
}
