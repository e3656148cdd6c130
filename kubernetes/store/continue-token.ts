import type { ObjectKey } from '../object.ts';
import { badRequest, type StatusError } from '../status-error.ts';

/** Where a page ended, and the revision whose state it showed; absent: go on at the newest revision. */
export interface Position {
  readonly after: Pick<ObjectKey, 'namespace' | 'name'>;
  readonly revision?: number;
}

/** Opaque to clients. */
export const formatContinueToken = ({ after, revision }: Position): string =>
  btoa(JSON.stringify([1, revision ?? -1, encodeURIComponent(after.namespace), encodeURIComponent(after.name)]));

/** The position in a token; throws StatusError 400 when it is none of ours. */
export function parseContinueToken(token: string): Position {
  const position = readToken(token);
  if (position === undefined) throw invalidContinueToken();
  return position;
}

export const invalidContinueToken = (): StatusError => badRequest('continue key is not valid');

function readToken(token: string): Position | undefined {
  try {
    const [version, revision, namespace, name]: unknown[] = JSON.parse(atob(token));
    if (version !== 1 || typeof revision !== 'number' || !Number.isSafeInteger(revision)) return undefined;
    if (typeof namespace !== 'string' || typeof name !== 'string') return undefined;
    const after = { namespace: decodeURIComponent(namespace), name: decodeURIComponent(name) };
    return revision < 0 ? { after } : { after, revision };
  } catch {
    return undefined;
  }
}
