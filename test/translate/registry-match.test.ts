import { describe, expect, test } from 'vitest';
import { entryFor, repositoryName } from '../../translate/registry-match.ts';

const chosen = (image: string, ...locations: string[]): string | undefined =>
  entryFor(
    image,
    locations.map((location) => ({ location })),
  )?.location;

describe('the credentials for an image', () => {
  // As credentialprovider/keyring.go decides, most of it by the table of keyring_test.go.
  test.each([
    ['a host', 'registry.example.com/web', 'registry.example.com', 'found'],
    ['a host of another name', 'registry.example.org/web', 'registry.example.com', 'not found'],
    ['a scheme', 'registry.example.com/web', 'https://registry.example.com', 'found'],
    ['the other scheme', 'registry.example.com/web', 'http://registry.example.com/', 'found'],
    ['/v1/', 'registry.example.com/web', 'https://registry.example.com/v1/', 'found'],
    ['/v2/', 'registry.example.com/web', 'registry.example.com/v2/', 'found'],
    ['/v2/ and a path', 'registry.example.com/team/web', 'registry.example.com/v2/team', 'found'],
    ['a path', 'registry.example.com/team/web:1', 'registry.example.com/team', 'found'],
    ['the beginning of a path', 'registry.example.com/teams/web', 'registry.example.com/team', 'found'],
    ['another path', 'registry.example.com/other/web', 'registry.example.com/team', 'not found'],
    ['a port', 'registry.example.com:5000/web', 'registry.example.com:5000', 'found'],
    ['no port', 'registry.example.com:5000/web', 'registry.example.com', 'not found'],
    ['a port that the image lacks', 'registry.example.com/web', 'registry.example.com:443', 'not found'],
    ['a tag', 'registry.example.com/web:5000', 'registry.example.com', 'found'],
    ['a digest', `registry.example.com/web@sha256:${'0'.repeat(64)}`, 'registry.example.com', 'found'],
    ['an asterisk', 'registry.example.com/web', '*.example.com', 'found'],
    ['an asterisk in the middle', 'registry.example.com/web', 'registry.*.com', 'found'],
    ['a part of a label', 'registry.example.com/web', 'reg*.example.com', 'found'],
    ['an asterisk for two labels', 'a.b.example.com/web', '*.example.com', 'not found'],
    ['an asterisk for no label', 'example.com/web', '*.example.com', 'not found'],
    ['two asterisks', 'a.b.example.com/web', '*.*.example.com', 'found'],
    ['an asterisk and a port', 'registry.example.com:5000/web', '*.example.com:5000', 'found'],
    ['an asterisk and a path', 'registry.example.com/team/web', '*.example.com/team', 'found'],
    ['a dot, which is no wildcard', 'registryxexample.com/web', 'registry.example.com', 'not found'],
    ['Docker Hub, as docker login writes it', 'nginx', 'https://index.docker.io/v1/', 'found'],
    ['the index without the rest', 'team/web', 'index.docker.io', 'found'],
    ['docker.io', 'team/web:1', 'docker.io', 'found'],
    ['a path in docker.io', 'team/web', 'docker.io/team', 'found'],
    ['docker.io for an image that says so', 'docker.io/team/web', 'https://index.docker.io/v1/', 'found'],
    ['the library', 'nginx', 'docker.io/library', 'found'],
    ['Docker Hub, for another registry', 'registry.example.com/web', 'https://index.docker.io/v1/', 'not found'],
    ['a registry, for Docker Hub', 'nginx', 'registry.example.com', 'not found'],
    ['localhost', 'localhost/web', 'localhost', 'found'],
    ['localhost with a port', 'localhost:5000/web', 'localhost:5000', 'found'],
    ['nothing', 'nginx', '', 'not found'],
  ])('%s', (...row) => {
    const [, image, location, expected] = row;
    expect(chosen(image, location) === undefined ? 'not found' : 'found').toBe(expected);
  });

  test('are those of the longer path', () => {
    const locations = ['registry.example.com', 'registry.example.com/team', 'https://registry.example.com/team/web'];
    expect(chosen('registry.example.com/team/web', ...locations)).toBe('https://registry.example.com/team/web');
    expect(chosen('registry.example.com/team/api', ...locations)).toBe('registry.example.com/team');
    expect(chosen('registry.example.com/web', ...locations)).toBe('registry.example.com');
  });

  test('are the first of one place', () => {
    const entries = [
      { location: 'registry.example.com', username: 'first' },
      { location: 'https://registry.example.com', username: 'second' },
    ];
    expect(entryFor('registry.example.com/web', entries)?.username).toBe('first');
  });

  test('are those of the index only where nothing else is for Docker Hub', () => {
    expect(chosen('nginx', 'index.docker.io', 'docker.io')).toBe('docker.io');
  });
});

test.each([
  ['nginx', 'docker.io/library/nginx'],
  ['nginx:1', 'docker.io/library/nginx'],
  ['team/web', 'docker.io/team/web'],
  ['index.docker.io/nginx', 'docker.io/library/nginx'],
  ['registry:5000/web:1', 'registry:5000/web'],
  ['localhost/web', 'localhost/web'],
])('%s is in full %s', (image, name) => {
  expect(repositoryName(image)).toBe(name);
});

test.each([
  ['a*b*c.io', 'aXbYc.io/x', true],
  ['a*b*c.io', 'abc.io/x', true],
  ['a*b*c.io', 'aXcYb.io/x', false],
  ['a*a.io', 'a.io/x', false],
  ['*ab*.io', 'aab.io/x', true],
  ['a*bc*c.io', 'abc.io/x', false],
  ['**.io', 'a.io/x', true],
])('%s for %s: %s', (location, image, found) => {
  expect(chosen(image, location)).toBe(found ? location : undefined);
});

test('a location of many asterisks is held against an image in one pass', () => {
  expect(chosen(`${'a'.repeat(60_000)}.io/x`, `*${'a*'.repeat(20_000)}b.io`)).toBeUndefined();
});
