import { crc32 } from 'node:zlib';

/**
 * Lines of text that vouch for themselves: each begins with the CRC-32 of what follows; its parts are separated by tabs,
 * which JSON never holds unescaped. A file that grows only at its end can be torn only there.
 */
export const checkedLine = (parts: readonly string[]): string => {
  const text = parts.join('\t');
  return `${checksum(text)}\t${text}\n`;
};

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

export interface CheckedLines {
  /** The parts of each line. */
  readonly lines: readonly (readonly string[])[];
  /** How many bytes are whole lines; what comes after them is the torn end of a write that never was. */
  readonly wholeBytes: number;
}

export const damagedAt = (byte: number): Error => new Error(`it is damaged at byte ${byte}`);

/** Reads the lines up to the first that is not whole; throws when that is not the last one. */
export function readCheckedLines(bytes: Buffer): CheckedLines {
  const lines: (readonly string[])[] = [];
  let wholeBytes = 0;
  let torn: number | undefined;
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf('\n', start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const parts = newline < 0 ? undefined : parse(bytes.toString('utf8', start, newline));
    if (parts === undefined) {
      torn ??= start;
    } else if (torn === undefined) {
      lines.push(parts);
      wholeBytes = end;
    } else {
      throw damagedAt(torn);
    }
    start = end;
  }
  return { lines, wholeBytes };
}

/** The parts of a line without its checksum; undefined when that is wrong. */
function parse(text: string): readonly string[] | undefined {
  const rest = text.slice(9);
  return text[8] === '\t' && text.slice(0, 8) === checksum(rest) ? rest.split('\t') : undefined;
}
