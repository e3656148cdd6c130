import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../../../local/containers/docker/engine.ts';
import { Images } from '../../../../local/containers/docker/images.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

/** An engine that has no image, whose pulls print some lines, and whose connections then break in the midst of the answer. */
async function breaking(lines: readonly string[]): Promise<{ images: Images; broken: Promise<void> }> {
  const socketPath = join(await temporaryDirectory(), 'engine.sock');
  server = createServer((request, response) => {
    if (request.method === 'GET') return void response.writeHead(404).end('{"message":"no such image"}');
    response.writeHead(200).write(lines.map((line) => `${line}\n`).join(''), () => response.socket?.destroySoon());
  });
  const broken = new Promise<void>((resolve) => {
    let connections = 0;
    server?.on('connection', (socket) => {
      connections += 1;
      if (connections === 2) socket.once('close', () => resolve());
    });
  });
  await new Promise<void>((resolve) => server?.listen(socketPath, resolve));
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  return { images: new Images(new Engine({ url: `unix://${socketPath}`, socketPath }), ending.signal), broken };
}

test.each([
  [
    'after it has said why',
    ['{"status":"Pulling"}', '{"error":"no such host"}'],
    /^CannotPullContainerError: .*no such host$/,
  ],
  ['before it has ended', ['{"status":"Pulling"}'], /^CannotPullContainerError: .*aborted$/],
] as const)('a pull whose connection breaks %s fails, and that is all', async (_when, lines, message) => {
  const { images, broken } = await breaking(lines);
  await expect(images.get('shop/web:1')).rejects.toThrow(message);
  await broken;
  // An error that nobody hears comes in the turn after.
  for (let count = 0; count < 5; count += 1) await turn();
});
