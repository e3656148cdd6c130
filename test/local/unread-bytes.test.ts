import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { UnreadBytes } from '../../local/unread-bytes.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';

const size = 100_000;

/** A connection whose client takes nothing, with so much to send. */
function stalled(unread: UnreadBytes, bytes = size): PassThrough {
  const connection = new PassThrough({ readableHighWaterMark: 1 });
  unread.follow(connection);
  connection.write(Buffer.alloc(1));
  connection.write(Buffer.alloc(bytes - 1));
  return connection;
}

describe('the unread bytes of a process', () => {
  test('are those of all connections', () => {
    const unread = new UnreadBytes(new ManualClock(), size * 10);
    stalled(unread);
    const second = stalled(unread);
    unread.hold(second, { bytes: () => 5, end: () => undefined });
    expect(unread.bytes()).toBe(2 * size + 5);
  });

  test('that are too many cost the connections that have waited longest', async () => {
    const clock = new ManualClock();
    const unread = new UnreadBytes(clock, size * 3);
    const connections = [stalled(unread), stalled(unread), stalled(unread)];
    await clock.advance(2000);
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([false, false, false]);
    const small = stalled(unread, 1000);
    connections.push(stalled(unread));
    unread.grew(size);
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false]);
    expect(small.destroyed).toBe(false);
    await settle();
    expect(unread.bytes()).toBeLessThanOrEqual(size * 3);
  });

  test('are looked at each second, and no longer when nobody is connected', async () => {
    const clock = new ManualClock();
    const unread = new UnreadBytes(clock, size);
    const connections = [stalled(unread), stalled(unread)];
    await clock.advance(1000);
    expect(connections.map(({ destroyed }) => destroyed)).toEqual([true, false]);
    connections[1]?.destroy();
    await clock.advance(1000);
    expect(clock.waiting).toBe(0);
  });

  test('that were ended count for a second: their memory is not there again at once', async () => {
    const clock = new ManualClock();
    const unread = new UnreadBytes(clock, size * 2);
    const wait = (): void => {
      stalled(unread);
      unread.grew(size);
    };
    for (let count = 0; count < 4; count += 1) wait();
    expect(unread.isFull).toBe(false);
    wait();
    expect(unread.isFull).toBe(true);
    await clock.advance(1000);
    expect(unread.isFull).toBe(false);
    expect(unread.bytes()).toBeLessThanOrEqual(size * 2);
  });

  test('that nobody reads are let go of with a word to the client', () => {
    const unread = new UnreadBytes(new ManualClock(), size);
    const connection = new PassThrough();
    unread.follow(connection);
    let held = size * 2;
    unread.hold(connection, { bytes: () => held, end: () => void (held = 0) });
    unread.grew(held);
    expect(held).toBe(0);
    expect(connection.destroyed).toBe(false);
  });
});
