import type { ProcessRequest } from '../../functions/api/stream-request.ts';
import { serveProcess, terminalSize } from './process-channels.ts';
import type { WebSocketChannels } from './websocket-channels.ts';

const channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 };

/** exec and attach over a WebSocket. */
export async function serveWebSocketProcess(channels: WebSocketChannels, request: ProcessRequest): Promise<void> {
  await serveProcess(request, {
    stdin: channels.read(channel.stdin),
    sizes: sizesIn(channels.read(channel.resize)),
    gone: channels.gone,
    write: (stream, data) => channels.write(channel[stream], data),
    finish: (outcome) => {
      const text = channels.protocol.status ? JSON.stringify(outcome) : (outcome.message ?? '');
      if (text !== '') void channels.write(channel.error, Buffer.from(text));
      channels.finish();
    },
  });
}

async function* sizesIn(messages: AsyncIterable<Buffer>) {
  for await (const message of messages) {
    const size = terminalSize(String(message));
    if (size !== undefined) yield size;
  }
}
