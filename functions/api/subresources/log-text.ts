import { ContainerNotFound, type ContainerName, type LogLine, type Logs } from '../containers.ts';
import type { AskedLog } from './log-options.ts';

export interface LogSource {
  readonly source: ContainerName;
  readonly options: AskedLog;
  /** Said when nobody has the log any more. */
  readonly whenGone: string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/** A container's log as the body of an answer. It is read no faster than the client takes it. */
export function logText(logs: Logs, { source, options, whenGone, signal }: LogSource): ReadableStream<Uint8Array> {
  const { since, tail, follow, timestamps, limitBytes = Infinity } = options;
  const ending = new AbortController();
  const lines = logs.logs(source, {
    follow,
    signal: AbortSignal.any([ending.signal, signal]),
    ...(since === undefined ? {} : { since }),
    ...(tail === undefined ? {} : { tail }),
  });
  const reading = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let left = limitBytes;
  const end = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    controller.close();
    ending.abort();
    await reading.return?.();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reading.next();
          if (done === true) return await end(controller);
          const bytes = encoder.encode(textOf(value, timestamps));
          controller.enqueue(bytes.subarray(0, left));
          left -= bytes.length;
          if (left <= 0) await end(controller);
        } catch (error) {
          if (!(error instanceof ContainerNotFound)) throw error;
          controller.enqueue(encoder.encode(whenGone));
          controller.close();
        }
      },
      async cancel() {
        ending.abort();
        await reading.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

const textOf = ({ time, text }: LogLine, timestamps: boolean): string =>
  timestamps ? `${goTime(time)} ${text}\n` : `${text}\n`;

/** RFC 3339 as Go prints it with nanoseconds: without zeros at the end. */
const goTime = (time: number): string => new Date(time).toISOString().replace(/\.?0+Z$/, 'Z');
