import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes to a stream that somebody else reads; answers when more may be written, or nobody reads any more. */
export async function writeTo(stream: Writable, data: Uint8Array): Promise<void> {
  if (!stream.writable || stream.write(data)) return;
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race(['drain', 'close'].map((event) => once(stream, event, { signal }).catch(() => undefined)));
  settled.abort();
}
