import { createHash, timingSafeEqual } from 'node:crypto';
import type { User } from './dependencies.ts';

/** Whoever bears the token of an installation that knows only one. */
export const administrator: User = { username: 'skiff-admin', groups: ['system:masters', 'system:authenticated'] };

/** SHA-256, hexadecimal: what is kept of a token where it must not be readable. */
export const tokenDigest = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether a request carries the token with this digest: compared in constant time, whatever the length of what it carries. */
export function carriesToken(request: Pick<Request, 'headers'>, digest: string): boolean {
  const given = /^bearer +(\S+)$/i.exec(request.headers.get('authorization')?.trim() ?? '')?.[1];
  if (given === undefined) return false;
  return timingSafeEqual(Buffer.from(tokenDigest(given), 'hex'), Buffer.from(digest, 'hex'));
}
