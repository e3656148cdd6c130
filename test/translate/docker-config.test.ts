import { describe, expect, test } from 'vitest';
import type { Secret } from '../../kubernetes/kinds/core/secret.ts';
import { registryEntries, withoutCredentials } from '../../translate/docker-config.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const secretOf = (type: string, key: string, config: unknown): Secret => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'registry' },
  type,
  data: { [key]: base64(typeof config === 'string' ? config : JSON.stringify(config)) },
});
const json = (auths: unknown): Secret => secretOf('kubernetes.io/dockerconfigjson', '.dockerconfigjson', { auths });
const location = 'registry.example.com';

describe('a Secret for pulling images', () => {
  test.each([
    ['username and password', { username: 'a', password: 'b' }, { username: 'a', password: 'b' }],
    ['auth', { auth: base64('a:b') }, { username: 'a', password: 'b' }],
    ['auth with colons in the password', { auth: base64('a:b:c') }, { username: 'a', password: 'b:c' }],
    ['auth without padding', { auth: base64('a:bc').replace(/=/g, '') }, { username: 'a', password: 'bc' }],
    ['auth before the others', { username: 'x', password: 'y', auth: base64('a:b') }, { username: 'a', password: 'b' }],
    ['letters beyond ASCII', { auth: base64('ä:ö') }, { username: 'ä', password: 'ö' }],
  ])('has its entries by %s', (_what, entry, expected) => {
    expect(registryEntries(json({ [location]: entry }))).toEqual([{ location, ...expected }]);
    const old = secretOf('kubernetes.io/dockercfg', '.dockercfg', { [location]: entry });
    expect(registryEntries(old)).toEqual([{ location, ...expected }]);
  });

  test.each([
    ['of another type', secretOf('Opaque', '.dockerconfigjson', { auths: { [location]: { username: 'a' } } })],
    ['of a type that is a name of JavaScript', secretOf('constructor', 'name', {})],
    ['without registries', secretOf('kubernetes.io/dockerconfigjson', '.dockerconfigjson', {})],
    ['of the other key', secretOf('kubernetes.io/dockercfg', '.dockerconfigjson', {})],
    ['with a token of another kind', json({ [location]: { identitytoken: 'x' } })],
    ['with an empty entry', json({ [location]: null })],
  ])('%s has none', (_what, secret) => {
    expect(registryEntries(secret)).toEqual([]);
  });

  test.each([
    ['text that is no JSON', secretOf('kubernetes.io/dockercfg', '.dockercfg', 'hunter2')],
    ['a list', json(['hunter2'])],
    ['text for an entry', json({ [location]: 'hunter2' })],
    ['a number for a password', json({ [location]: { username: 'hunter2', password: 2 } })],
    ['auth without a colon', json({ [location]: { auth: base64('hunter2') } })],
    ['auth that is not base64', json({ [location]: { auth: 'hunter2:x' } })],
  ])('with %s cannot be read, and nothing of it is told', (_what, secret) => {
    expect(registryEntries(secret)).toEqual({ problem: expect.not.stringContaining('hunter2') });
  });

  test('is shown with its registries and nothing else', () => {
    const secret = json({ [location]: { auth: base64('hunter2:hunter2'), email: 'hunter2@example.com' } });
    const shown = { ...secret, data: withoutCredentials(secret, '-') };
    expect(registryEntries(shown)).toEqual([{ location, username: '-', password: '-' }]);
    expect(Buffer.from(shown.data['.dockerconfigjson'] ?? '', 'base64').toString()).not.toContain('hunter2');
  });
});
