import type { Server } from 'node:net';

const host = '127.0.0.1';

/** Makes a server listen on a loopback port, 0: any free one. Rejects when it cannot. */
export function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      // A connection that cannot be taken is lost; the server is not.
      server.off('error', reject).on('error', () => undefined);
      resolve();
    });
  });
}
