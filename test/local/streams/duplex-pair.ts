import { Duplex } from 'node:stream';

/** Two ends of a connection in memory. With `cut`, what is written arrives in pieces of so many bytes. */
export function duplexPair(cut = Infinity): [Duplex, Duplex] {
  const ends: Duplex[] = [];
  const make = (other: number): Duplex =>
    new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        for (let start = 0; start < chunk.length; start += cut) ends[other]?.push(chunk.subarray(start, start + cut));
        done();
      },
      final(done) {
        ends[other]?.push(null);
        done();
      },
      destroy(error, done) {
        ends[other]?.push(null);
        done(error);
      },
    });
  const pair: [Duplex, Duplex] = [make(1), make(0)];
  ends.push(...pair);
  return pair;
}
