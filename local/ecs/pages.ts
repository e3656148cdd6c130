import { invalidParameter } from './errors.ts';

/** How an operation lists: at most `maximum` a page, `standard` when nothing is asked for. */
export interface PageRule {
  readonly standard: number;
  readonly maximum: number;
}

export interface Page {
  readonly items: string[];
  readonly nextToken?: string;
}

/**
 * One page of a list of names that only grow or shrink: the token names the last one given, so that what goes in
 * between is neither repeated nor skipped.
 */
export function page(
  items: readonly string[],
  request: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
  rule: PageRule,
): Page {
  const size = request.maxResults ?? rule.standard;
  if (!Number.isInteger(size) || size < 1 || size > rule.maximum)
    throw invalidParameter(`maxResults must be between 1 and ${rule.maximum}.`);
  const start = request.nextToken === undefined ? 0 : startAfter(items, request.nextToken);
  const found = items.slice(start, start + size);
  const last = found.at(-1);
  if (last === undefined || start + size >= items.length) return { items: found };
  return { items: found, nextToken: btoa(JSON.stringify([start + size, last])) };
}

function startAfter(items: readonly string[], token: string): number {
  const position = readToken(token);
  if (position === undefined) throw invalidParameter('Invalid token.');
  const index = items.indexOf(position.last);
  return index === -1 ? Math.min(position.count, items.length) : index + 1;
}

function readToken(token: string): { count: number; last: string } | undefined {
  try {
    const [count, last]: unknown[] = JSON.parse(atob(token));
    if (typeof count === 'number' && typeof last === 'string') return { count, last };
  } catch {
    return undefined;
  }
  return undefined;
}
