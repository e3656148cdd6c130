import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeKubeconfig } from '../../local/kubeconfig.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const connection = { url: 'https://127.0.0.1:8001', authority: 'PEM of the authority\n', token: 'to"ken' };
const read = (path: string): unknown => parse(readFileSync(path, 'utf8'));

const expected = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    {
      name: 'skiff',
      cluster: {
        server: 'https://127.0.0.1:8001',
        'certificate-authority-data': Buffer.from('PEM of the authority\n').toString('base64'),
      },
    },
  ],
  users: [{ name: 'skiff', user: { token: 'to"ken' } }],
  contexts: [{ name: 'skiff', context: { cluster: 'skiff', user: 'skiff', namespace: 'default' } }],
  'current-context': 'skiff',
};

describe('kubeconfig', () => {
  test('is made with its directory, for its owner only', async () => {
    const path = join(await temporaryDirectory(), 'deep', 'down', 'kubeconfig');
    writeKubeconfig(path, connection);
    expect(read(path)).toEqual(expected);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(path, '..'))).toEqual(['kubeconfig']);
  });

  test('of an earlier run is replaced', async () => {
    const path = join(await temporaryDirectory(), 'kubeconfig');
    writeKubeconfig(path, { ...connection, token: 'old' });
    writeKubeconfig(path, connection);
    expect(read(path)).toEqual(expected);
  });

  test('an empty file is taken', async () => {
    const path = join(await temporaryDirectory(), 'kubeconfig');
    writeFileSync(path, '');
    writeKubeconfig(path, connection);
    expect(read(path)).toEqual(expected);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('of somebody else gets our entries and keeps its own, comments too', async () => {
    const path = join(await temporaryDirectory(), 'kubeconfig');
    const theirs = `# my clusters
apiVersion: v1
kind: Config
clusters:
- name: work # the real one
  cluster: {server: https://work.example}
- name: skiff
  cluster: {server: https://127.0.0.1:1}
contexts:
- name: work
  context: {cluster: work, user: me}
current-context: work
users: null
`;
    writeFileSync(path, theirs);
    writeKubeconfig(path, connection);
    writeKubeconfig(path, connection);
    expect(read(path)).toEqual({
      ...expected,
      clusters: [{ name: 'work', cluster: { server: 'https://work.example' } }, ...expected.clusters],
      contexts: [{ name: 'work', context: { cluster: 'work', user: 'me' } }, ...expected.contexts],
    });
    expect(readFileSync(path, 'utf8')).toContain('# my clusters');
    expect(readFileSync(path, 'utf8')).toContain('# the real one');
  });

  test('a link is followed', async () => {
    const directory = await temporaryDirectory();
    const target = join(directory, 'target');
    const link = join(directory, 'link');
    writeFileSync(target, '');
    symlinkSync(target, link);
    writeKubeconfig(link, connection);
    expect(read(target)).toEqual(expected);
  });

  test.for(['hello', 'kind: Pod\n', '[1, 2]', 'kind: Config\n  bad: [', '{"kind":"List"}'])(
    'refuses to replace a file that is no kubeconfig: %j',
    async (content) => {
      const path = join(await temporaryDirectory(), 'kubeconfig');
      writeFileSync(path, content);
      expect(() => writeKubeconfig(path, connection)).toThrow(`${path} exists and is not a kubeconfig`);
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  test('refuses a directory in its place, and leaves nothing behind', async () => {
    const directory = await temporaryDirectory();
    const path = join(directory, 'kubeconfig');
    mkdirSync(path);
    expect(() => writeKubeconfig(path, connection)).toThrow(`${path} is not a file`);
    expect(readdirSync(directory)).toEqual(['kubeconfig']);
  });
});
