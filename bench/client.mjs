// The load: HTTP/1.1 with kept connections, so that client and server cost what they cost a real client.
import https from 'node:https';
import { rounded } from './medians.mjs';

/** A client of one server. `request` resolves to `{ status, bytes, text() }`. */
export function client({ url, token }) {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 512, rejectUnauthorized: false });
  const { hostname, port } = new URL(url);
  const headers = (body, more) => ({
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}),
    ...more,
  });
  const send = ({ method, path, body, headers: more }, onResponse) => {
    const request = https.request({ hostname, port, method, path, agent, headers: headers(body, more) }, onResponse);
    request.end(body);
    return request;
  };
  return {
    request: (method, path, { body, headers: more } = {}) =>
      new Promise((resolve, reject) => {
        send({ method, path, body, headers: more }, (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const all = Buffer.concat(chunks);
            resolve({ status: response.statusCode, bytes: all.length, text: () => all.toString() });
          });
        }).on('error', reject);
      }),
    /** Opens a watch; `onEvents(count, chunk)` is told of each chunk's events. Resolves when the headers are there, to its end. */
    watch: (path, onEvents) =>
      new Promise((resolve, reject) => {
        const request = send({ method: 'GET', path }, (response) => {
          response.on('data', (chunk) =>
            onEvents(
              chunk.reduce((lines, byte) => lines + (byte === 10 ? 1 : 0), 0),
              chunk,
            ),
          );
          response.on('error', () => {});
          resolve(() => request.destroy());
        });
        request.on('error', reject);
      }),
    close: () => agent.destroy(),
  };
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)];

/** Runs `work(i)` for i below `count`, `clients` at a time. A refused request ends the run: it would not be a measurement. */
export async function measure(count, clients, work) {
  const taken = [];
  let next = 0;
  const began = performance.now();
  const one = async () => {
    while (next < count) {
      const index = next++;
      const start = performance.now();
      const { status, text } = await work(index);
      if (status >= 300) throw new Error(`answered ${status}: ${text().slice(0, 300)}`);
      taken.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  const seconds = (performance.now() - began) / 1000;
  taken.sort((a, b) => a - b);
  return {
    count,
    clients,
    p50Milliseconds: rounded(quantile(taken, 0.5)),
    p99Milliseconds: rounded(quantile(taken, 0.99)),
    perSecond: rounded(count / seconds),
  };
}
