import { createServer } from 'node:net';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressOf, engineAddresses, usualSockets } from '../../../../local/containers/docker/engine-addresses.ts';
import { findEngine } from '../../../../local/containers/docker/find-engine.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

describe('the address of an engine', () => {
  test.each([
    ['unix:///run/docker.sock', {}, { url: 'unix:///run/docker.sock', socketPath: '/run/docker.sock' }],
    [
      'npipe:////./pipe/docker_engine',
      {},
      { url: 'npipe:////./pipe/docker_engine', socketPath: '//./pipe/docker_engine' },
    ],
    ['tcp://box:99', {}, { url: 'tcp://box:99', host: 'box', port: '99', protocol: 'http' }],
    ['tcp://box', {}, { url: 'tcp://box', host: 'box', port: '2375', protocol: 'http' }],
    ['tcp://box', { DOCKER_TLS_VERIFY: '1' }, { url: 'tcp://box', host: 'box', port: '2376', protocol: 'https' }],
  ])('is read from DOCKER_HOST: %s %o', (url, environment, expected) => {
    expect(addressOf(url, environment)).toEqual(expected);
  });

  test('has certificates when TLS is asked for', async () => {
    const directory = await temporaryDirectory();
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(directory, `${name}.pem`), name);
    const address = addressOf('tcp://box:1', { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: directory });
    expect([address.ca, address.cert, address.key].map(String)).toEqual(['ca', 'cert', 'key']);
  });

  test.each(['ssh://box', 'box:1', 'fd://'])('is refused when nothing can speak it: %s', (url) => {
    expect(() => addressOf(url, {})).toThrow(`DOCKER_HOST is ${url}: it may begin with`);
  });

  test('is a socket of the user before one of the machine, and Docker before Podman', () => {
    expect(usualSockets({ environment: { XDG_RUNTIME_DIR: '/run/user/7' }, home: '/home/u' })).toEqual([
      '/run/user/7/docker.sock',
      '/home/u/.docker/run/docker.sock',
      '/var/run/docker.sock',
      '/run/user/7/podman/podman.sock',
      '/run/podman/podman.sock',
    ]);
  });

  test('is what DOCKER_HOST says, whatever else there is', async () => {
    const directory = await temporaryDirectory();
    writeFileSync(join(directory, 'docker.sock'), '');
    const environment = { XDG_RUNTIME_DIR: directory };
    expect(engineAddresses({ environment, home: directory }).map(({ url }) => url)).toContain(
      `unix://${directory}/docker.sock`,
    );
    const named = { ...environment, DOCKER_HOST: 'tcp://box:1' };
    expect(engineAddresses({ environment: named, home: directory })).toHaveLength(1);
  });
});

test('a socket that does not answer as an engine is passed over, and said', async () => {
  const directory = await temporaryDirectory();
  const path = join(directory, 'dead.sock');
  const server = createServer((socket) => socket.end('no HTTP\r\n\r\n')).listen(path);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const addresses = [path, join(directory, 'none.sock')].map((socketPath) => ({
    url: `unix://${socketPath}`,
    socketPath,
  }));
  await expect(findEngine(addresses)).rejects.toThrow(
    /^no container engine answers \(unix:\/\/.*dead\.sock: .*; unix:\/\/.*none\.sock: /,
  );
});
