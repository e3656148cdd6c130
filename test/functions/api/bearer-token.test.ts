import { expect, test } from 'vitest';
import { carriesToken, tokenDigest } from '../../../functions/api/bearer-token.ts';

const request = (authorization?: string): Request =>
  new Request('http://localhost/', authorization === undefined ? {} : { headers: { authorization } });

test.for([
  { authorization: 'Bearer secret', expected: true },
  { authorization: 'bearer secret', expected: true },
  { authorization: 'Bearer   secret', expected: true },
  { authorization: 'Bearer secre', expected: false },
  { authorization: 'Bearer secrets', expected: false },
  { authorization: 'Bearer Secret', expected: false },
  { authorization: 'Bearer secret more', expected: false },
  { authorization: 'Bearer ', expected: false },
  { authorization: 'Bearer', expected: false },
  { authorization: 'secret', expected: false },
  { authorization: 'Basic c2VjcmV0', expected: false },
  { authorization: '', expected: false },
  { authorization: undefined, expected: false },
])('$authorization is accepted: $expected', ({ authorization, expected }) => {
  expect(carriesToken(request(authorization), tokenDigest('secret'))).toBe(expected);
});
