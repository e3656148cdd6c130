import type { Duplex } from 'node:stream';
import { errorMessage } from '../../kubernetes/error-message.ts';
import type { ForwardRequest } from '../../functions/api/stream-request.ts';
import type { WebSocketChannels } from './websocket-channels.ts';
import { writeTo } from './write.ts';

/**
 * The old form of port forwarding, which client libraries for browsers and Node speak: one connection for each port that
 * the request names, the i-th with its data on channel 2i and its errors on 2i + 1.
 */
export async function serveWebSocketForward(channels: WebSocketChannels, request: ForwardRequest): Promise<void> {
  await Promise.all(request.ports.map((port, index) => forward(channels, { request, port, index })));
  channels.finish();
}

async function forward(
  channels: WebSocketChannels,
  { request, port, index }: { request: ForwardRequest; port: number; index: number },
): Promise<void> {
  const data = 2 * index;
  const error = data + 1;
  const input = channels.read(data);
  const announced = Buffer.alloc(2);
  announced.writeUInt16LE(port);
  for (const channel of [data, error]) await channels.write(channel, announced);
  try {
    const target = await request.exec.connect(request.taskId, port);
    void channels.gone.then(() => target.destroy());
    void feed(target, input);
    for await (const chunk of target) await channels.write(data, chunk);
  } catch (reason) {
    const message = errorMessage(reason);
    await channels.write(error, Buffer.from(`error forwarding port ${port} to ${request.pod}: ${message}`));
  }
}

async function feed(target: Duplex, input: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of input) {
    if (!target.writable) return;
    await writeTo(target, chunk);
  }
  target.end();
}
