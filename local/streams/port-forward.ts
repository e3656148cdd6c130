import type { ForwardRequest } from '../../functions/api/stream-request.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { errorMessage } from '../../kubernetes/error-message.ts';
import { maximumWaitingStreams, streamCreationMilliseconds } from '../../kubernetes/limits.ts';
import { join } from './join.ts';
import type { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
}

interface WaitingPair extends Pair {
  readonly cancel: () => void;
  readonly giveUp: () => void;
}

/** Port forwarding over SPDY/3.1: for each connection the client opens one stream for data and one for errors. */
export async function servePortForward(
  connection: SpdyConnection,
  { request, clock }: { request: ForwardRequest; clock: Clock },
): Promise<void> {
  const pairs = new WaitingPairs(clock);
  await connection.serve((stream) => {
    const pair = pairs.add(stream);
    if (pair !== undefined) void forward(request, pair);
    if (pairs.size > maximumWaitingStreams) connection.abort();
  });
}

/** Streams that wait for their partner, each for as long as a kubelet lets it. */
class WaitingPairs {
  private readonly clock: Clock;
  private readonly pairs = new Map<string, WaitingPair>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get size(): number {
    return this.pairs.size;
  }

  /** The pair that the stream completes. */
  add(stream: SpdyStream): Required<Pair> | undefined {
    const { streamtype, requestid = '' } = stream.headers;
    if (streamtype !== 'data' && streamtype !== 'error') return void stream.destroy();
    const pair = this.pairs.get(requestid) ?? this.begin(requestid);
    if (pair[streamtype] !== undefined) return void stream.destroy();
    pair[streamtype] = stream;
    stream.once('close', pair.giveUp);
    const { data, error } = pair;
    if (data === undefined || error === undefined) return undefined;
    this.pairs.delete(requestid);
    pair.cancel();
    for (const each of [data, error]) each.off('close', pair.giveUp);
    return { data, error };
  }

  private begin(requestid: string): WaitingPair {
    const giveUp = (): void => {
      cancel();
      this.pairs.delete(requestid);
      for (const stream of [pair.data, pair.error]) stream?.destroy();
    };
    const cancel = this.clock.after(streamCreationMilliseconds, giveUp);
    const pair: WaitingPair = { cancel, giveUp };
    this.pairs.set(requestid, pair);
    return pair;
  }
}

/** One connection; that it failed is told on the error stream. */
async function forward(request: ForwardRequest, { data, error }: Required<Pair>): Promise<void> {
  const port = Number(data.headers['port']);
  // What a client says on the stream for errors is for nobody.
  error.resume();
  try {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('the port is no number from 1 to 65535');
    await join(data, await request.exec.connect(request.taskId, port));
  } catch (reason) {
    const message = errorMessage(reason);
    if (error.writable)
      error.write(`error forwarding port ${data.headers['port'] ?? ''} to ${request.pod}: ${message}`);
  }
  error.end();
  data.end();
  data.resume();
}
