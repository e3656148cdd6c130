import type { Duplex } from 'node:stream';
import { errorMessage } from '../../kubernetes/error-message.ts';
import type { ForwardRequest } from '../../functions/api/stream-request.ts';
import { join } from './join.ts';
import { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
}

/** Port forwarding over SPDY/3.1: for each connection the client opens one stream for data and one for errors. */
export async function servePortForward(transport: Duplex, request: ForwardRequest): Promise<void> {
  const connection = new SpdyConnection(transport);
  const pairs = new Map<string, Pair>();
  await connection.serve((stream) => {
    const { streamtype, requestid = '' } = stream.headers;
    if (streamtype !== 'data' && streamtype !== 'error') return void stream.destroy();
    const pair = pairs.get(requestid) ?? {};
    pair[streamtype] = stream;
    pairs.set(requestid, pair);
    const { data, error } = pair;
    if (data === undefined || error === undefined) return;
    pairs.delete(requestid);
    void forward(request, { data, error });
  });
}

/** One connection; that it failed is told on the error stream. */
async function forward(request: ForwardRequest, { data, error }: Required<Pair>): Promise<void> {
  const port = Number(data.headers['port']);
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
