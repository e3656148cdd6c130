import { crc32 } from 'node:zlib';

/**
 * Lines of text that vouch for themselves: each begins with the CRC-32 of what follows; its parts are separated by tabs,
 * which JSON never holds unescaped. A write that was cut off leaves a last line without its end, and nothing else.
 */
export const checkedLine = (parts: readonly string[]): string => {
  const text = parts.join('\t');
  return `${formatted(crc32(text))}\t${text}\n`;
};

const formatted = (checksum: number): string => checksum.toString(16).padStart(8, '0');

/** Where a line is. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** Bytes from the beginning of the file. */
  readonly start: number;
  readonly end: number;
}

export const placeText = ({ line, start }: Place): string => `at byte ${start}, line ${line}`;

/** A line that is not whole; `torn`: the last one, whose end is missing. */
export interface Flaw extends Place {
  readonly verdict: 'damaged' | 'torn';
}

/** The lines that are not whole. Nothing of them is kept: a line may be longer than memory is large. */
export function* flawsIn(chunks: Iterable<Buffer>): Generator<Flaw> {
  let check = new LineCheck();
  for (const { line, start, end, bytes, ends } of piecesOf(chunks)) {
    check.add(bytes);
    if (ends === undefined) continue;
    if (ends === 'file') yield { line, start, end, verdict: 'torn' };
    else if (!check.passes()) yield { line, start, end, verdict: 'damaged' };
    check = new LineCheck();
  }
}

export interface ReadLine extends Place {
  readonly parts: readonly string[];
}

/** The whole lines, without their checksums. `sound`: there are no others, but perhaps a torn one, and none is checked. */
export function* readLines(chunks: Iterable<Buffer>, sound = false): Generator<ReadLine> {
  let pieces: Buffer[] = [];
  for (const { line, start, end, bytes, ends } of piecesOf(chunks)) {
    pieces.push(bytes);
    if (ends !== 'line') continue;
    const whole = pieces.length === 1 ? bytes : Buffer.concat(pieces);
    pieces = [];
    if (sound || isWhole(whole)) yield { line, start, end, parts: whole.toString('utf8', headLength).split('\t') };
  }
}

function isWhole(line: Buffer): boolean {
  const check = new LineCheck();
  check.add(line);
  return check.passes();
}

/** The bytes of a line that one chunk holds; `end` is where those, or the whole line with its line break, end. */
interface Piece extends Place {
  readonly bytes: Buffer;
  /** What ends with it; undefined: the line goes on in the next chunk. */
  readonly ends: 'line' | 'file' | undefined;
}

const newline = 0x0a;
const nothing = Buffer.alloc(0);

function* piecesOf(chunks: Iterable<Buffer>): Generator<Piece> {
  let at = 0;
  let line = 1;
  let start = 0;
  for (const chunk of chunks) {
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      yield { line, start, end: at + to + 1, bytes: chunk.subarray(from, to), ends: 'line' };
      from = to + 1;
      line += 1;
      start = at + from;
    }
    at += chunk.length;
    if (from < chunk.length) yield { line, start, end: at, bytes: chunk.subarray(from), ends: undefined };
  }
  if (start < at) yield { line, start, end: at, bytes: nothing, ends: 'file' };
}

/** The checksum and the tab after it. */
const headLength = 9;

class LineCheck {
  private head = '';
  private checksum = 0;

  add(bytes: Buffer): void {
    const missing = headLength - this.head.length;
    if (missing > 0) this.head += bytes.toString('latin1', 0, missing);
    if (bytes.length > missing) this.checksum = crc32(bytes.subarray(missing), this.checksum);
  }

  passes(): boolean {
    return this.head === `${formatted(this.checksum)}\t`;
  }
}
