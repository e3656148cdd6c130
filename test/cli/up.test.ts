import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { call, defaultKubeconfig, readAccess, run, start } from './run-skiff.ts';

const configMap = (name: string): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { a: 'b' } });
const configMaps = '/api/v1/namespaces/default/configmaps';

describe('skiff up', () => {
  test('serves the API to who has the kubeconfig, and says where', async () => {
    const skiff = await start(['up', '--port', '0']);
    const printed = await skiff.ready();
    const kubeconfig = defaultKubeconfig(skiff.home);
    const access = readAccess(kubeconfig);
    expect(printed).toMatch(/^ready https:\/\/127\.0\.0\.1:\d+ /);
    expect(printed).toContain(`ready ${access.server} `);
    expect(printed).toContain(`export KUBECONFIG=${kubeconfig}\n`);
    expect(printed).toContain('simulated');
    expect(await call(access, configMaps, { method: 'POST', body: configMap('a') })).toMatchObject({ status: 201 });
    expect(await call({ ...access, token: 'wrong' }, configMaps)).toMatchObject({ status: 401 });
    const plain = access.server.replace('https', 'http');
    expect((await fetch(`${plain}/readyz`)).status).toBe(200);
    expect((await fetch(`${plain}${configMaps}`)).status).toBe(401);
    const authorized = await fetch(`${plain}${configMaps}/a`, { headers: { authorization: `Bearer ${access.token}` } });
    expect(await authorized.json()).toMatchObject({ data: { a: 'b' } });
  });

  test.for(['SIGINT', 'SIGTERM'] as const)('ends cleanly on %s, with watches open', async (signal) => {
    const skiff = await start(['up', '--port', '0']);
    await skiff.ready();
    const access = readAccess(defaultKubeconfig(skiff.home));
    const watch = await fetch(`${access.server.replace('https', 'http')}${configMaps}?watch=true`, {
      headers: { authorization: `Bearer ${access.token}` },
    });
    expect(watch.status).toBe(200);
    const outcome = await skiff.kill(signal);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    await expect(watch.text().catch(() => 'cut')).resolves.toBeTypeOf('string');
  });

  test('takes the kubeconfig and the token that it is told', async () => {
    const kubeconfig = join(await temporaryDirectory(), 'with space', 'config');
    const skiff = await start([
      'up',
      '--port',
      '0',
      '--kubeconfig',
      kubeconfig,
      '--token',
      'my-token',
      '--speed',
      'real',
    ]);
    expect(await skiff.ready()).toContain(`export KUBECONFIG='${kubeconfig}'\n`);
    expect(readAccess(kubeconfig).token).toBe('my-token');
    expect(await call(readAccess(kubeconfig), configMaps)).toMatchObject({ status: 200 });
  });

  test('takes the token from a file or from the environment, so that the list of processes does not show it', async () => {
    const file = join(await temporaryDirectory(), 'token');
    writeFileSync(file, 'of-the-file\n');
    const first = await start(['up', '--port', '0', '--token-file', file], undefined, {
      SKIFF_TOKEN: 'of-the-environment',
    });
    await first.ready();
    expect(readAccess(defaultKubeconfig(first.home)).token).toBe('of-the-file');
    const second = await start(['up', '--port', '0'], undefined, { SKIFF_TOKEN: 'of-the-environment' });
    await second.ready();
    expect(readAccess(defaultKubeconfig(second.home)).token).toBe('of-the-environment');
    writeFileSync(file, 'two words');
    const wrong = await run('up', '--port', '0', '--token-file', file);
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining(`--token-file ${file} holds letters`) });
    expect((await run('up', '--token-file', file, '--token', 'T')).code).toBe(2);
    expect((await run('up', '--token-file', `${file}-2`)).stderr).toContain('ENOENT');
  });

  test('goes on without what is damaged of its data only when it is told to', async () => {
    const data = join(await temporaryDirectory(), 'data');
    const args = ['up', '--port', '0', '--data', data];
    const first = await start(args);
    await first.ready();
    await call(readAccess(defaultKubeconfig(first.home)), configMaps, { method: 'POST', body: configMap('a') });
    await first.kill('SIGKILL');
    appendFileSync(join(data, 'objects.journal'), 'damage\n');
    const refused = await (await start(args)).outcome;
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/objects\.journal cannot be used: .*--skip-damaged/),
    });
    appendFileSync(join(data, 'objects.journal'), 'torn');

    const second = await start([...args, '--skip-damaged']);
    await second.ready();
    const access = readAccess(defaultKubeconfig(second.home));
    expect(await call(access, `${configMaps}/a`)).toMatchObject({ status: 200 });
    const { stderr } = await second.kill('SIGTERM');
    expect(stderr).toMatch(
      /^skiff: \S+objects\.journal is damaged at byte \d+, line \d+: that is set aside in \S+\.damaged$/m,
    );
    expect(stderr).toMatch(
      /^skiff: \S+objects\.journal: 4 bytes at byte \d+, line \d+ are of a write that was cut off/m,
    );
    const third = await start(args);
    await third.ready();
  });

  test.each(['kernel', 'disk'])(
    'with data kept by the %s, killed or ended, everything is there again',
    async (durability) => {
      const data = join(await temporaryDirectory(), 'data');
      const args = ['up', '--port', '0', '--data', data, '--durability', durability];
      const first = await start(args);
      await first.ready();
      const access = readAccess(defaultKubeconfig(first.home));
      await call(access, configMaps, { method: 'POST', body: configMap('a') });
      const before = await call(access, `${configMaps}/a`);
      await first.kill('SIGKILL');

      const second = await start(args, first.home);
      await second.ready();
      const later = readAccess(defaultKubeconfig(second.home));
      expect(later).toEqual({ ...access, server: later.server });
      expect(await call(later, `${configMaps}/a`)).toEqual(before);
      expect(await call(later, configMaps, { method: 'POST', body: configMap('b') })).toMatchObject({ status: 201 });
      expect(await second.kill('SIGTERM')).toMatchObject({ code: 0 });

      const third = await start(args, first.home);
      await third.ready();
      expect(await call(readAccess(defaultKubeconfig(third.home)), `${configMaps}/b`)).toMatchObject({ status: 200 });
    },
  );

  test('refuses a data directory that another one uses', async () => {
    const data = await temporaryDirectory();
    const first = await start(['up', '--port', '0', '--data', data]);
    await first.ready();
    expect(await run('up', '--port', '0', '--data', data)).toEqual({
      code: 1,
      stdout: '',
      stderr: `skiff: ${data} is in use by another skiff\n`,
    });
  });

  test('refuses a port that is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await run('up', '--port', `${port}`)).toEqual({
      code: 1,
      stdout: '',
      stderr: `skiff: port ${port} of 127.0.0.1 is in use: choose another with --port, or 0 for any free one\n`,
    });
  });

  test('says plainly that no engine answers', async ({ onTestFinished }) => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { code, stderr } = await run('up', '--runtime', 'docker');
    expect(code).toBe(1);
    expect(stderr).toContain('skiff: no container engine answers (unix:///nowhere/docker.sock: ');
  });

  test('simulates, and says why, when no engine answers', async ({ onTestFinished }) => {
    vi.stubEnv('DOCKER_HOST', 'unix:///nowhere/docker.sock');
    onTestFinished(() => void vi.unstubAllEnvs());
    const skiff = await start(['up', '--port', '0', '--runtime', 'auto']);
    expect(await skiff.ready()).toContain('Tasks are simulated: no container runs (no container engine answers');
  });

  test('refuses what it cannot write or read', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'file');
    writeFileSync(file, 'hello');
    const broken = join(directory, 'broken.yaml');
    writeFileSync(broken, 'kind: ConfigMap\nmetadata: {name: [');
    for (const args of [
      ['--kubeconfig', file],
      ['--kubeconfig', join(file, 'config')],
      ['--data', file],
      ['--apply', join(directory, 'missing.yaml')],
      ['--apply', broken],
    ]) {
      const outcome = await run('up', '--port', '0', ...args);
      expect(outcome, `${args.join(' ')}`).toMatchObject({ code: 1, stdout: '' });
      expect(outcome.stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(outcome.stderr).toContain(args[1]?.replace('/config', ''));
    }
  });

  test('applies manifests before it says that it is ready, and tells which it could not', async () => {
    const directory = await temporaryDirectory();
    const folder = join(directory, 'folder');
    mkdirSync(folder);
    const file = join(directory, 'app.yaml');
    writeFileSync(
      file,
      `${configMap('from-file')}\n`.replace('{', '# two objects\n{') +
        '---\napiVersion: v1\nkind: Widget\nmetadata: {name: x}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}\n',
    );
    writeFileSync(join(folder, 'b.yml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: shop}\n');
    writeFileSync(
      join(folder, 'a.json'),
      JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }),
    );
    writeFileSync(join(folder, 'read-me.txt'), 'not a manifest');
    const args = ['up', '--port', '0', '--data', join(directory, 'data'), '--apply', file, '--apply', folder];
    for (const life of ['first', 'second']) {
      const skiff = await start(args);
      await skiff.ready();
      const access = readAccess(defaultKubeconfig(skiff.home));
      expect(await call(access, `${configMaps}/from-file`), `${life}`).toMatchObject({ status: 200 });
      expect(await call(access, '/api/v1/namespaces/shop/configmaps/b')).toMatchObject({ status: 200 });
      const { code, stderr } = await skiff.kill('SIGTERM');
      expect(code).toBe(0);
      const lines = stderr.trimEnd().split('\n');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toBe(`skiff: ${file}: no kind "Widget" in version "v1"`);
      expect(lines[1]).toContain(`skiff: ${file}: ConfigMap "Bad_Name" is invalid`);
    }
  });
});
