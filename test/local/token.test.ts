import { expect, test } from 'vitest';
import { newToken } from '../../local/token.ts';

test('tokens are long and differ', () => {
  const tokens = new Set(Array.from({ length: 100 }, newToken));
  expect(tokens.size).toBe(100);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
});
