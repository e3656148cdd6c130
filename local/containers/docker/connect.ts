import { connect as connectSocket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ContainerProcess } from '../../../functions/api/containers.ts';

const connectMilliseconds = 1000;

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
      socket.setTimeout(0).off('error', fail);
      resolve(socket);
    });
  });
}

/** The streams of a netcat as the connection that it has made. */
export function connectionOf(process: ContainerProcess): Duplex {
  const reading = process.output[Symbol.asyncIterator]();
  const said: Buffer[] = [];
  const pull = async (stream: Duplex): Promise<void> => {
    for (;;) {
      const { done, value } = await reading.next();
      if (done === true) break;
      if (value.stream === 'stdout') return void stream.push(value.data);
      said.push(Buffer.from(value.data));
    }
    const exitCode = await process.exitCode();
    if (exitCode === 0) stream.push(null);
    else stream.destroy(new Error(complaint(Buffer.concat(said).toString())));
  };
  return new Duplex({
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
}

/** The engine may add words of its own to what netcat says. */
const complaint = (said: string): string => /^nc: (.+)$/m.exec(said)?.[1] ?? 'the connection cannot be made';
