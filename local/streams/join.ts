import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Moves bytes both ways until both sides have ended. Rejects when the target breaks: a client just lets go. */
export async function join(client: Duplex, target: Duplex): Promise<void> {
  let failure: Error | undefined;
  target.on('error', (error) => {
    failure ??= error;
  });
  await Promise.allSettled([pipeline(client, target), pipeline(target, client)]);
  target.destroy();
  if (failure !== undefined && !isPremature(failure)) throw failure;
}

/** Node's own error for a stream whose other end was taken away, here by the client. */
const isPremature = (error: Error): boolean => 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
