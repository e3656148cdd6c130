import { visit } from 'jsonc-parser';
import type { ParsedBody } from './body.ts';
import { maximumShownCharacters } from '../limits.ts';
import { cut } from '../shown-value.ts';
import { countKeys } from './inspect.ts';
import { syntaxError } from './json-syntax-error.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** As many as a kube-apiserver reports. */
export const maximumDuplicates = 100;

/** Parses JSON. Throws UnreadableBody with the text of Go's decoder, and StatusError 413 for too many values. */
export function parseJson(text: string, maximum?: number): ParsedBody {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableBody(syntaxError(text), { cause });
  }
  // A key that is there twice leaves one key in the parsed value: only then is the text read again, slowly.
  return { value, duplicates: countColons(text) === countKeys(value, maximum) ? [] : duplicateFields(text) };
}

/** The colons outside strings of a valid JSON text: one for each key. */
function countColons(text: string): number {
  let count = 0;
  let position = 0;
  for (;;) {
    const quote = text.indexOf('"', position);
    const end = quote === -1 ? text.length : quote;
    for (; position < end; position++) if (text.charCodeAt(position) === 0x3a) count += 1;
    if (quote === -1) return count;
    position = endOfString(text, quote + 1);
  }
}

/** The position after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let from = start; ;) {
    const quote = text.indexOf('"', from);
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

function duplicateFields(text: string): string[] {
  const duplicates = new Set<string>();
  const seen: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => {
      seen.push(new Set());
    },
    onObjectEnd: () => {
      seen.pop();
    },
    onObjectProperty: (...[key, , , , , path]) => {
      const keys = seen.at(-1);
      if (keys?.has(key) && duplicates.size < maximumDuplicates) duplicates.add(formatPath([...path(), key]));
      keys?.add(key);
    },
  });
  return [...duplicates];
}

/** `spec.containers[0].name`; cut, since keys are what a client likes. */
export function formatPath(segments: readonly (string | number)[]): string {
  let path = '';
  for (const segment of segments) {
    if (path.length > maximumShownCharacters) break;
    if (typeof segment === 'number') path += `[${segment}]`;
    else path += path === '' ? segment : `.${segment}`;
  }
  return cut(path);
}
