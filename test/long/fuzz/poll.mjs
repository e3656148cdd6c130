// Asks a server for its health again and again, from a process of its own, and tells when an answer was late and how much
// memory the server takes: `node poll.mjs PORT PID`. A busy machine makes everybody late; so what counts is the time in
// which the server's thread, and this one, did not wait for a processor. Linux tells it; elsewhere all of the time counts.
import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const [port, pid] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
const pauseMilliseconds = 10;
const reportedMilliseconds = 100;

/** Milliseconds for which a thread has waited for a processor since it began. */
function waited(path) {
  try {
    return Number(readFileSync(path, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}
const waitedInAll = () => waited(`/proc/${pid}/task/${pid}/schedstat`) + waited('/proc/self/schedstat');

function residentMegabytes() {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

const healthy = () =>
  new Promise((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path: '/healthz', agent }, (response) => {
      response
        .resume()
        .once('end', () => resolve(response.statusCode === 200))
        .once('error', reject);
    });
    request.once('error', reject);
  });

process.once('disconnect', () => process.exit());
for (;;) {
  const [began, before] = [Date.now(), waitedInAll()];
  // A server that has ended is for others to find.
  const isHealthy = await healthy().catch(() => undefined);
  const took = Date.now() - began;
  const own = took - (waitedInAll() - before);
  const resident = residentMegabytes();
  if (isHealthy === false || own > reportedMilliseconds || resident > 0) {
    if (process.connected) process.send({ began, took, own, resident, isHealthy: isHealthy !== false });
  }
  await wait(pauseMilliseconds);
}
