import { memoryUsage } from 'node:process';
import { constants, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { goodbyeMilliseconds, maximumConnectionUnreadBytes, pingMilliseconds } from '../../../../kubernetes/limits.ts';
import { SpdyConnection } from '../../../../local/streams/spdy/connection.ts';
import { controlFrame, dataFrame } from '../../../../local/streams/spdy/frames.ts';
import type { SpdyStream } from '../../../../local/streams/spdy/stream.ts';
import { ManualClock, settle } from '../../../support/manual-clock.ts';
import { duplexPair } from '../duplex-pair.ts';
import { SpdyClient, until } from '../spdy-client.ts';

function connect(cut?: number) {
  const clock = new ManualClock();
  const [near, far] = duplexPair(cut);
  const connection = new SpdyConnection(far, { clock });
  const streams: SpdyStream[] = [];
  const served = connection.serve((stream) => void streams.push(stream));
  return { clock, client: new SpdyClient(near), connection, streams, served, near };
}

const stream = (streams: readonly SpdyStream[], index: number): SpdyStream => {
  const found = streams[index];
  if (found === undefined) throw new Error(`there is no stream ${index}`);
  return found;
};

describe('a SPDY connection', () => {
  test.each([1, 3, 7, 4096])('is read in whatever pieces it comes: %i bytes', async (cut) => {
    const { client, streams } = connect(cut);
    const first = await client.open({ streamType: 'error' });
    const second = await client.open({ streamtype: 'data', port: '8080', requestid: '0' });
    expect(streams.map(({ headers }) => headers)).toEqual([
      { streamtype: 'error' },
      { streamtype: 'data', port: '8080', requestid: '0' },
    ]);
    client.send(second, 'hello ');
    client.send(second, 'there', true);
    client.send(first, '', true);
    let text = '';
    for await (const chunk of stream(streams, 1)) text += String(chunk);
    expect(text).toBe('hello there');
  });

  test('replies to each stream with a header block that the client can read', async () => {
    const { client } = connect();
    await client.open({ streamtype: 'error' });
    await client.open({ streamtype: 'stdout' });
    await client.open({ streamtype: 'stderr' });
    expect(await client.replyHeaders()).toEqual([Buffer.alloc(4), Buffer.alloc(4), Buffer.alloc(4)]);
  });

  test('sends what is written, and the end, and goes', async () => {
    const { client, streams, connection } = connect();
    const id = await client.open({ streamtype: 'stdout' });
    const sent = 'x'.repeat(100_000);
    stream(streams, 0).end(sent);
    await until(() => client.hasEnded(id));
    expect(client.data(id)).toBe(sent);
    connection.end();
    await client.ended;
    expect(client.control(7)).toHaveLength(1);
  });

  test('answers pings', async () => {
    const { client } = connect();
    const ping = Buffer.from([0, 0, 0, 5]);
    client.raw(controlFrame(6, ping));
    await until(() => client.control(6).length > 0);
    expect(client.control(6).map(({ payload }) => payload)).toEqual([ping]);
  });

  test('waits for who reads too slowly', async () => {
    const { client, connection, streams, near } = connect();
    const id = await client.open({ streamtype: 'stdin' });
    for (let index = 0; index < 64; index += 1) client.send(id, Buffer.alloc(65_536));
    client.send(id, '', true);
    await until(() => connection.unreadBytes > maximumConnectionUnreadBytes);
    expect(connection.unreadBytes).toBeLessThan(maximumConnectionUnreadBytes + 66_000);
    let length = 0;
    for await (const chunk of stream(streams, 0)) length += (chunk as Buffer).length;
    expect(length).toBe(64 * 65_536);
    expect(near.destroyed).toBe(false);
  });

  test('lets go of a stream that the client resets, and keeps the others', async () => {
    const { client, streams } = connect();
    const first = await client.open({ streamtype: 'data' });
    const second = await client.open({ streamtype: 'data' });
    const reset = Buffer.alloc(8);
    reset.writeUInt32BE(first, 0);
    client.raw(controlFrame(3, reset));
    await until(() => stream(streams, 0).destroyed);
    client.send(second, 'on', true);
    let text = '';
    for await (const chunk of stream(streams, 1)) text += String(chunk);
    expect(text).toBe('on');
  });

  test('resets a stream that the server lets go of', async () => {
    const { client, streams } = connect();
    await client.open({ streamtype: 'data' });
    stream(streams, 0).destroy();
    await until(() => client.control(3).length > 0);
    expect(client.control(3).map(({ payload }) => payload)).toEqual([Buffer.from([0, 0, 0, 1, 0, 0, 0, 5])]);
  });

  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['another version', Buffer.from([0x80, 2, 0, 1, 0, 0, 0, 0])],
    ['a frame that is too long', dataFrame(1, Buffer.alloc(0), false).fill(0xff, 5)],
    ['a header block that is none', controlFrame(1, Buffer.alloc(40, 7))],
    ['a frame that is cut short', controlFrame(1, Buffer.alloc(2))],
  ])('ends when it is sent %s', async (_name, bytes) => {
    const { client, streams, served } = connect();
    await client.open({ streamtype: 'error' });
    client.raw(bytes);
    await served;
    await client.ended;
    expect(streams).toHaveLength(1);
    expect(stream(streams, 0).destroyed).toBe(true);
  });

  test('ends its streams when the client goes', async () => {
    const { client, streams, served, near } = connect();
    await client.open({ streamtype: 'data' });
    near.destroy();
    await served;
    expect(stream(streams, 0).destroyed).toBe(true);
  });

  test('inflates no more of a header block than its limit', async () => {
    const { client, streams, served } = connect();
    const bomb = deflateSync(Buffer.alloc(256 * 1024 * 1024), { finishFlush: constants.Z_SYNC_FLUSH });
    const { external: before } = memoryUsage();
    let most = 0;
    const sampling = setInterval(() => (most = Math.max(most, memoryUsage().external - before)));
    client.raw(controlFrame(1, Buffer.concat([Buffer.from([0, 0, 0, 1, 0, 0, 0, 0, 0, 0]), bomb])));
    await served;
    clearInterval(sampling);
    expect(streams).toEqual([]);
    expect(most).toBeLessThan(32 * 1024 * 1024);
  });

  test('has one budget for what waits on all of its streams, and goes on when somebody reads', async () => {
    const { client, connection, streams } = connect();
    const ids: number[] = [];
    for (let index = 0; index < 20; index += 1)
      ids.push(await client.open({ streamtype: 'data', requestid: String(index) }));
    for (const id of ids) for (let part = 0; part < 4; part += 1) client.send(id, Buffer.alloc(32_768));
    await until(() => connection.unreadBytes > maximumConnectionUnreadBytes);
    await settle();
    expect(connection.unreadBytes).toBeLessThan(maximumConnectionUnreadBytes + 70_000);
    for (const each of streams) each.resume();
    await until(() => connection.unreadBytes === 0);
  });

  test('counts more than its bytes for each piece that waits', async () => {
    const { client, connection } = connect();
    const id = await client.open({ streamtype: 'data' });
    client.raw(Buffer.concat(Array.from({ length: 5000 }, () => dataFrame(id, Buffer.alloc(1), false))));
    await until(() => connection.unreadBytes > maximumConnectionUnreadBytes);
    await settle();
    expect(connection.unreadBytes).toBeLessThan(maximumConnectionUnreadBytes + 1000);
  });

  test('reads a large frame that comes byte by byte in linear time', async () => {
    const { client, streams } = connect(1);
    const id = await client.open({ streamtype: 'data' });
    client.send(id, Buffer.alloc(500_000, 'x'), true);
    let length = 0;
    for await (const chunk of stream(streams, 0)) length += (chunk as Buffer).length;
    expect(length).toBe(500_000);
  });

  test('is ended with a GOAWAY when it is too much, and cut off when the client does not go', async () => {
    const { client, connection, clock, near, streams } = connect();
    const id = await client.open({ streamtype: 'data' });
    client.send(id, Buffer.alloc(65_536));
    await until(() => connection.unreadBytes > 0);
    connection.abort();
    expect(connection.unreadBytes).toBe(0);
    expect(stream(streams, 0).destroyed).toBe(true);
    await until(() => client.control(7).length > 0);
    expect(client.control(7)[0]?.payload.readUInt32BE(4)).toBe(1);
    await clock.advance(goodbyeMilliseconds);
    expect(clock.waiting).toBe(0);
    expect(near.readableEnded || near.destroyed).toBe(true);
  });

  test('is pinged while it is not read, so that it is noticed when its client has gone', async () => {
    const { client, connection, clock, streams } = connect();
    const id = await client.open({ streamtype: 'stdin' });
    for (let index = 0; index < 20; index += 1) client.send(id, Buffer.alloc(65_536));
    await until(() => connection.unreadBytes > maximumConnectionUnreadBytes);
    await clock.advance(2 * pingMilliseconds);
    expect(client.control(6)).toHaveLength(2);
    stream(streams, 0).resume();
    await until(() => connection.unreadBytes === 0);
    expect(clock.waiting).toBe(0);
  });
});
