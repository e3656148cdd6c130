import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { type Look, startPoll } from './fuzz/poll.ts';

/** A server whose event loop stands at its twentieth request, until it has computed for a second. */
const program = `
  let requests = 0;
  const server = require('node:http').createServer((_request, response) => {
    requests += 1;
    const before = process.cpuUsage().user;
    while (requests === 20 && process.cpuUsage().user - before < 1_000_000);
    response.end('ok');
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(String(server.address().port)));
`;

test('a poll tells of an event loop that has stood for a second', async () => {
  const child = spawn(process.execPath, ['-e', program]);
  onTestFinished(() => void child.kill());
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  const late = await new Promise<Look>((resolve) => {
    const end = startPoll({ port: Number(port), pid: child.pid ?? 0 }, (look) => {
      if (look.took > 900) resolve(look);
    });
    onTestFinished(end);
  });
  // However busy the machine is: what it has kept the server waiting is not counted.
  expect(late.own).toBeGreaterThan(500);
  expect(late.own).toBeLessThanOrEqual(late.took);
  expect(late.isHealthy).toBe(true);
});
