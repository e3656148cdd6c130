import { once } from 'node:events';
import type { Clock } from '../../kubernetes/clock.ts';
import { streamCreationMilliseconds } from '../../kubernetes/limits.ts';
import type { ProcessRequest } from '../../functions/api/stream-request.ts';
import { type Outcome, type ProcessChannels, serveProcess, terminalSize } from './process-channels.ts';
import type { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';

/** exec and attach over SPDY/3.1: a stream each for the outcome and what the client has asked for. */
export async function serveSpdyProcess(
  connection: SpdyConnection,
  { request, clock }: { request: ProcessRequest; clock: Clock },
): Promise<void> {
  const expected = expectedStreams(request);
  const streams = new Map<string, SpdyStream>();
  const giveUp = clock.after(streamCreationMilliseconds, () => connection.end());
  let leave = (): void => undefined;
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  await connection.serve((stream) => {
    const type = stream.headers['streamtype'] ?? '';
    if (!expected.includes(type) || streams.has(type)) return void stream.destroy();
    streams.set(type, stream);
    if (streams.size < expected.length) return;
    giveUp();
    // What a client says on streams that are ours to write is for nobody.
    for (const [name, each] of streams) if (name !== 'stdin' && name !== 'resize') each.resume();
    void serveProcess(request, channelsOf(connection, { streams, gone }));
  });
  giveUp();
  leave();
}

const expectedStreams = ({ stdin, stdout, stderr, tty }: ProcessRequest): readonly string[] => [
  'error',
  ...(stdin ? ['stdin'] : []),
  ...(stdout ? ['stdout'] : []),
  ...(stderr ? ['stderr'] : []),
  ...(tty ? ['resize'] : []),
];

interface SpdyChannels {
  readonly streams: ReadonlyMap<string, SpdyStream>;
  readonly gone: Promise<void>;
}

const channelsOf = (connection: SpdyConnection, { streams, gone }: SpdyChannels): ProcessChannels => ({
  stdin: streams.get('stdin') ?? nothing(),
  sizes: sizesIn(streams.get('resize')),
  gone,
  write: async (type, data) => {
    const stream = streams.get(type);
    if (stream === undefined || !stream.writable || stream.write(data)) return;
    await Promise.race([once(stream, 'drain').catch(() => undefined), gone]);
  },
  finish: (outcome) => void finish(connection, { streams, gone, outcome }),
});

async function* nothing(): AsyncGenerator<never, void, undefined> {}

async function* sizesIn(stream: SpdyStream | undefined) {
  for await (const chunk of stream ?? nothing()) {
    for (const line of String(chunk).split('\n')) {
      const size = terminalSize(line);
      if (size !== undefined) yield size;
    }
  }
}

/** All that was written is under way before the connection ends. */
async function finish(
  connection: SpdyConnection,
  { streams, gone, outcome }: SpdyChannels & { readonly outcome: Outcome },
): Promise<void> {
  streams.get('error')?.write(JSON.stringify(outcome));
  const ended = [...streams.values()].map(
    (stream) => new Promise<void>((resolve) => (stream.writable ? void stream.end(() => resolve()) : resolve())),
  );
  await Promise.race([Promise.all(ended), gone]);
  connection.end();
}
