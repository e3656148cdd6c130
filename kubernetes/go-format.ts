import { isJsonObject } from './json-value.ts';
import { cut } from './shown-value.ts';

/** A JSON value as Go's `%v` prints it, which some of kube-apiserver's messages show: `map[image:x name:c]`, `[a b]`. Cut. */
export const formatGo = (value: unknown): string => cut(format(value));

function format(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(format).join(' ')}]`;
  if (!isJsonObject(value)) return typeof value === 'string' ? value : JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${key}:${format(value[key])}`);
  return `map[${entries.join(' ')}]`;
}
