import { expect, onTestFinished, test } from 'vitest';
import { againstSkiff } from './support/against-skiff.ts';

againstSkiff(
  'kubectl proxy',
  (target, binary) => {
    /** The address of a `kubectl proxy`, for as long as the test lasts. */
    async function proxied(...options: readonly string[]): Promise<string> {
      const proxy = target().kubectl(binary, ['proxy', '--port=0', ...options]);
      onTestFinished(() => proxy.stop().then(() => {}));
      const [, address = ''] = await proxy.printed(/Starting to serve on (\S+)/);
      return `http://${address}`;
    }
    const create = (proxy: string, name: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
      fetch(`${proxy}/api/v1/namespaces/default/configmaps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ metadata: { name } }),
      });

    test('is served as any client', async () => {
      const proxy = await proxied();
      expect(await (await fetch(`${proxy}/api/v1/namespaces/default`)).json()).toMatchObject({ kind: 'Namespace' });
      expect((await create(proxy, 'by-a-client')).status).toBe(201);
    });

    test('brings the requests of its own pages, and none of others', async () => {
      const proxy = await proxied();
      expect((await create(proxy, 'by-a-page', { origin: proxy, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
      const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
      expect((await create(proxy, 'by-another', foreign)).status).toBe(403);
      expect((await create(proxy, 'by-an-older-browser', { origin: 'https://evil.example' })).status).toBe(403);
    });

    test('is served with --tls-server-name', async () => {
      const proxy = await proxied('--tls-server-name=localhost');
      expect((await fetch(`${proxy}/api/v1/pods`)).status).toBe(200);
    });
  },
  1,
);
