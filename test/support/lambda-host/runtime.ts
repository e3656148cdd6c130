import { once } from 'node:events';
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import type { LambdaStreaming, ResponseMetadata } from '../../../functions/api/function-url.ts';
import type { InvokeMessage, RuntimeMessage } from './messages.ts';

/**
 * What Lambda runs beside a function in its process: loads the bundle that is named, takes one event after the other from
 * the host, and hands out what the function answers.
 */

function sendThen(message: RuntimeMessage, sent: (error: Error | null) => void): void {
  process.send?.(message, undefined, undefined, sent);
}

const send = (message: RuntimeMessage): Promise<void> =>
  new Promise((resolve, reject) => {
    sendThen(message, (error) => (error === null ? resolve() : reject(error)));
  });

/** The stream that a function answers to. Status and headers go ahead of the first thing that is written, even nothing. */
class ResponseStream extends Writable {
  metadata: ResponseMetadata | undefined;

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.metadata !== undefined) sendThen({ type: 'metadata', ...this.metadata }, () => {});
    this.metadata = undefined;
    sendThen({ type: 'chunk', bytes: chunk }, done);
  }
}

type StreamingHandler = Parameters<LambdaStreaming['streamifyResponse']>[0];
const streaming = new WeakSet<object>();

const awslambda: LambdaStreaming = {
  streamifyResponse: (handler) => {
    streaming.add(handler);
    return handler;
  },
  HttpResponseStream: {
    from: (stream, metadata) => {
      if (stream instanceof ResponseStream) stream.metadata = metadata;
      return stream;
    },
  },
};
Object.assign(globalThis, { awslambda });

async function invoke(handler: object, event: unknown): Promise<unknown> {
  if (!streaming.has(handler)) return (handler as (event: unknown) => unknown)(event);
  const stream = new ResponseStream();
  await (handler as StreamingHandler)(event as Parameters<StreamingHandler>[0], stream);
  await finished(stream);
  return undefined;
}

const { handler } = (await import(pathToFileURL(process.argv[2] ?? '').href)) as { handler: object };
process.on('disconnect', () => process.exit());
await send({ type: 'ready' });
for (;;) {
  const [{ event }] = (await once(process, 'message')) as [InvokeMessage];
  try {
    const result = await invoke(handler, event);
    await send({ type: 'done', result });
  } catch (error) {
    await send({ type: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
