import { maximumShownCharacters } from './limits.ts';

/** A value that an error shows as Go prints it, where JSON would be something else: `v1.LabelSelector{…}`. */
export interface GoSyntax {
  readonly goSyntax: string;
}

const isGoSyntax = (value: object): value is GoSyntax => 'goSyntax' in value;

const isText = (value: unknown): value is string => typeof value === 'string';

/** The beginning of a text that is longer than so many characters; dots say that there is more. */
export const cut = (text: string, maximum: number = maximumShownCharacters): string =>
  text.length <= maximum ? text : `${beginningOf(text, maximum)}...`;

/** At most so many characters of a text, the last one a whole one: half of it would not survive UTF-8. */
export function beginningOf(text: string, maximum: number): string {
  const start = text.slice(0, maximum);
  return start.length < text.length && /[\ud800-\udbff]$/.test(start) ? start.slice(0, -1) : start;
}

/** A text of a client in quotes, as messages show it: cut. */
export const quoted = (text: string): string => JSON.stringify(cut(text));

/** The same for several. */
export const quotedList = (texts: readonly string[]): string => {
  const all = texts.length > maximumShownCharacters ? texts.slice(0, maximumShownCharacters) : texts;
  return cut(all.map(quoted).join(', '));
};

/**
 * A value as Go's `%#v` in field errors shows it: `"a"`, `[]string{"a"}`, `map[string]string{"a":"b"}`; the rest as JSON.
 * Only as much of a large value is looked at as is shown, since each item of a list can have an error that shows the list.
 */
export function show(value: unknown): string {
  if (isText(value)) return quoted(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (isGoSyntax(value)) return cut(value.goSyntax);
  const start = beginning(value, { left: maximumShownCharacters });
  if (Array.isArray(start)) return cut(start.every(isText) ? `[]string{${quotedList(start)}}` : JSON.stringify(start));
  const entries = Object.entries(start as object).sort(([a], [b]) => (a < b ? -1 : 1));
  if (!entries.every(([, each]) => isText(each))) return cut(JSON.stringify(start));
  return cut(`map[string]string{${entries.map(([key, each]) => `${quoted(key)}:${show(each)}`).join(', ')}}`);
}

/** A value with as many of its parts, in order, as have so many characters and one more. */
function beginning(value: unknown, budget: { left: number }): unknown {
  budget.left -= 1;
  if (isText(value)) {
    const text = value.slice(0, maximumShownCharacters + 1);
    budget.left -= text.length;
    return text;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      if (budget.left < 0) break;
      items.push(beginning(item, budget));
    }
    return items;
  }
  const fields: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    if (budget.left < 0) break;
    budget.left -= key.length;
    fields.push([key.slice(0, maximumShownCharacters + 1), beginning(item, budget)]);
  }
  return Object.fromEntries(fields);
}
