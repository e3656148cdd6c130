import { connect as connectSocket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ContainerProcess } from '../../../functions/api/containers.ts';

const connectMilliseconds = 1000;
/** Characters of a netcat's complaints: one line tells all. */
const mostSaid = 4096;

/** A TCP connection; undefined when the address does not answer in time. */
export function connectDirectly(address: string, port: number): Promise<Duplex | undefined> {
  return new Promise((resolve) => {
    const socket = connectSocket({ host: address, port, noDelay: true, allowHalfOpen: true });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.setTimeout(connectMilliseconds, fail);
    socket.once('error', fail);
    socket.once('connect', () => {
      // A reader or writer gets the error itself. This listener is for a break while nobody reads or writes.
      socket
        .setTimeout(0)
        .on('error', () => undefined)
        .off('error', fail);
      resolve(socket);
    });
  });
}

/** The streams of a netcat as the connection that it has made. */
export function connectionOf(process: ContainerProcess): Duplex {
  const reading = process.output[Symbol.asyncIterator]();
  let said = '';
  const pull = async (stream: Duplex): Promise<void> => {
    for (;;) {
      const { done, value } = await reading.next();
      if (done === true) break;
      if (value.stream === 'stdout') return void stream.push(value.data);
      if (said.length < mostSaid) said += Buffer.from(value.data).toString('latin1');
    }
    const exitCode = await process.exitCode();
    if (exitCode === 0) stream.push(null);
    else stream.destroy(new Error(complaint(said)));
  };
  const connection = new Duplex({
    read() {
      pull(this).catch((error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))));
    },
    write: (chunk: Buffer, _encoding, done) => {
      void process.write(chunk).finally(done);
    },
    final: (done) => {
      process.endInput();
      done();
    },
    destroy: (error, done) => {
      process.close();
      done(error);
    },
  });
  return connection.on('error', () => undefined);
}

/** The engine may add words of its own to what netcat says. */
const complaint = (said: string): string => /^nc: (.+)$/m.exec(said)?.[1] ?? 'the connection cannot be made';
