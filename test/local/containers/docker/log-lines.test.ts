import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { maximumLogLineCharacters } from '../../../../kubernetes/limits.ts';
import { multiplexed, unframed } from '../../../../local/containers/docker/frames.ts';
import { logLines } from '../../../../local/containers/docker/log-lines.ts';

const frame = (stream: 1 | 2, text: string): Buffer => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

/** The lines of a log that arrives in pieces of so many bytes. */
async function read(
  bytes: Buffer,
  options: { readonly pieces?: number; readonly tty?: boolean } = {},
): Promise<string[]> {
  const { pieces = bytes.length, tty = false } = options;
  const chunks: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += pieces) chunks.push(bytes.subarray(start, start + pieces));
  const source = Readable.from(chunks);
  const lines: string[] = [];
  for await (const { time, stream, text } of logLines(tty ? unframed(source) : multiplexed(source)))
    lines.push(`${new Date(time).toISOString()} ${stream} ${text}`);
  return lines;
}

const second = '2026-01-01T00:00:01Z';
const nano = '2026-01-01T00:00:02.123456789Z';

describe('the lines of an engine’s log', () => {
  const log = Buffer.concat([
    frame(1, `${second} one\n`),
    frame(2, `${nano} grüße\n`),
    frame(1, `${second} begun,`),
    frame(1, `${nano} ended\n`),
    frame(2, `${second} \n`),
    frame(1, `${second} not ended`),
  ]);

  test.each([1, 2, 5, 11, 1000])('are the same in pieces of %i bytes', async (pieces) => {
    expect(await read(log, { pieces })).toEqual([
      '2026-01-01T00:00:01.000Z stdout one',
      '2026-01-01T00:00:02.123Z stderr grüße',
      '2026-01-01T00:00:01.000Z stdout begun,ended',
      '2026-01-01T00:00:01.000Z stderr ',
      '2026-01-01T00:00:01.000Z stdout not ended',
    ]);
  });

  test('of a terminal have no frames, and ends of lines of their own', async () => {
    expect(await read(Buffer.from(`${second} one\r\n${nano} two\r\n`), { pieces: 3, tty: true })).toEqual([
      '2026-01-01T00:00:01.000Z stdout one',
      '2026-01-01T00:00:02.123Z stdout two',
    ]);
  });

  test('are none in an empty log', async () => {
    expect(await read(Buffer.alloc(0), { pieces: 1 })).toEqual([]);
  });

  test.each([
    ['pieces of one line', Array.from({ length: 40 }, () => frame(1, `${second} ${'x'.repeat(16_000)}`)), false],
    ['a frame without an end', [frame(1, `${second} ${'x'.repeat(640_000)}`)], false],
    ['the output of a terminal', [Buffer.from(`${second} ${'x'.repeat(640_000)}`)], true],
  ])('are cut when they grow too long: %s', async (_name, frames, tty) => {
    const lines = await read(Buffer.concat(frames), { pieces: 65_536, tty });
    const texts = lines.map((line) => line.slice('2026-01-01T00:00:01.000Z stdout '.length));
    expect(texts.join('')).toBe('x'.repeat(640_000));
    expect(texts.length).toBeGreaterThan(1);
    for (const [index, line] of lines.entries()) {
      expect(line.startsWith('2026-01-01T00:00:01.000Z stdout x')).toBe(true);
      expect(texts[index]?.length).toBeLessThan(maximumLogLineCharacters + 66_000);
    }
  });

  test('that come byte by byte take linear time', async () => {
    const lines = await read(Buffer.from(`${second} ${'x'.repeat(200_000)}`), { pieces: 1, tty: true });
    expect(lines.map((line) => line.length).reduce((sum, length) => sum + length)).toBeGreaterThan(200_000);
  });
});
