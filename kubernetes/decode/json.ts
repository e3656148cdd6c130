import { visit } from 'jsonc-parser';
import { maximumShownCharacters, maximumValues } from '../limits.ts';
import { cut } from '../shown-value.ts';
import type { ParsedBody } from './body.ts';
import { checkValues, countValues } from './inspect.ts';
import { syntaxError } from './json-syntax-error.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** As many as a kube-apiserver reports. */
export const maximumDuplicates = 100;

/** Parses JSON. Throws UnreadableBody with the text of Go's decoder, and StatusError 413 for more values than `maximum`. */
export function parseJson(text: string, maximum = maximumValues): ParsedBody {
  const { colons, values } = countMarks(text);
  checkValues(values, maximum);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UnreadableBody(syntaxError(text), { cause });
  }
  // A key that is there twice leaves one key in the parsed value: only then is the text read again, slowly.
  return { value, duplicates: colons === countValues(value, maximum).keys ? [] : duplicateFields(text) };
}

const [colon, comma, openBrace, closeBrace, openBracket, closeBracket] = [0x3a, 0x2c, 0x7b, 0x7d, 0x5b, 0x5d] as const;

/**
 * What a JSON text has outside its strings, before it is parsed: colons, one for each key; and values in objects and lists,
 * each of which stands after a comma or an opening bracket.
 */
function countMarks(text: string): { readonly colons: number; readonly values: number } {
  let [colons, values] = [0, 0];
  let position = 0;
  for (;;) {
    const quote = text.indexOf('"', position);
    const end = quote === -1 ? text.length : quote;
    for (; position < end; position++) {
      const character = text.charCodeAt(position);
      if (character === colon) colons += 1;
      else if (character === comma) values += 1;
      else if (character === openBrace) values += text.charCodeAt(position + 1) === closeBrace ? 0 : 1;
      else if (character === openBracket) values += text.charCodeAt(position + 1) === closeBracket ? 0 : 1;
    }
    if (quote === -1) return { colons, values };
    position = endOfString(text, quote + 1);
  }
}

/** The position after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let from = start; ;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return text.length;
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

function duplicateFields(text: string): string[] {
  const duplicates = new Set<string>();
  /** Of each open object its keys, and whether they have been told. */
  const seen: Map<string, boolean>[] = [];
  visit(text, {
    onObjectBegin: () => {
      seen.push(new Map());
    },
    onObjectEnd: () => {
      seen.pop();
    },
    onObjectProperty: (...[key, , , , , path]) => {
      const keys = seen.at(-1);
      const told = keys?.get(key);
      if (told === false && duplicates.size < maximumDuplicates) duplicates.add(formatPath([...path(), key]));
      keys?.set(key, told !== undefined);
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
