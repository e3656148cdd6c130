import { mostTaskDefinitionBytes } from './plan.ts';

/** Where the values of names are looked up. */
export type Values = Pick<ReadonlyMap<string, string>, 'get'>;

/**
 * Expands `$(NAME)` as a kubelet does (k8s.io/kubernetes/third_party/forked/golang/expansion): `$$` is one `$`, a name
 * that `values` lacks stays as it is written, and so does an opening that is never closed. Ends when there are more than
 * `maximum` characters: a few references can stand for any number of them.
 */
export function expand(text: string, values: Values, maximum = mostTaskDefinitionBytes): string {
  const lastClose = text.lastIndexOf(')');
  let expanded = '';
  let position = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', position)) {
    expanded += text.slice(position, dollar);
    const read = readReference(text, { start: dollar + 1, lastClose, values });
    expanded += read.text;
    if (expanded.length > maximum) return expanded;
    position = read.end;
  }
  return expanded + text.slice(position);
}

/**
 * Expands the words of a command. When they are longer than a task definition can be, which is refused, the others stay as
 * they are written.
 */
export function expandWords(words: readonly string[], values: Values): string[] {
  let left = mostTaskDefinitionBytes;
  return words.map((word) => {
    const expanded = left < 0 ? word : expand(word, values, left);
    left -= expanded.length;
    return expanded;
  });
}

interface Reading {
  readonly start: number;
  /** Where the last bracket of the text is, so that openings which are never closed are not searched one by one. */
  readonly lastClose: number;
  readonly values: Values;
}

/** What stands for the `$` before `start`, and where the rest goes on. */
function readReference(
  text: string,
  { start, lastClose, values }: Reading,
): { readonly text: string; readonly end: number } {
  const next = text[start];
  if (next === undefined) return { text: '$', end: start };
  if (next === '$') return { text: '$', end: start + 1 };
  if (next !== '(' || lastClose < start) return { text: `$${next}`, end: start + 1 };
  const close = text.indexOf(')', start);
  const name = text.slice(start + 1, close);
  return { text: values.get(name) ?? `$(${name})`, end: close + 1 };
}
