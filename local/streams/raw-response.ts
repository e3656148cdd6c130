import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../kubernetes/clock.ts';
import { goodbyeMilliseconds } from '../../kubernetes/limits.ts';

/** Refuses on a connection that node:http has let go of, and closes it. Never rejects. */
export async function writeResponse(socket: Duplex, response: Response, clock: Clock): Promise<void> {
  const { status, headers, body } = response;
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, 'Connection: close'];
  headers.forEach((value, name) => void lines.push(`${name}: ${value}`));
  // A client may neither read the answer nor hang up. What it says in the meantime is for nobody.
  socket.once(
    'close',
    clock.after(goodbyeMilliseconds, () => socket.destroy()),
  );
  socket.on('error', () => socket.destroy()).resume();
  try {
    if (body === null) {
      socket.end(`${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    // Without a length the answer lasts until the connection closes, which every client of HTTP/1.1 understands.
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    await pipeline(body, socket);
  } catch {
    socket.destroy();
  }
}
