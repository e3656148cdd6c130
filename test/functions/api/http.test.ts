import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { apiFixture, configMap, configMaps, type ApiFixture } from './fixture.ts';

const servers: ServerType[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
});

/** The app behind a real HTTP server. */
async function listen({ app }: ApiFixture): Promise<string> {
  const server = await new Promise<ServerType>((resolve) => {
    const started: ServerType = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const headers = { authorization: 'Bearer admin', 'content-type': 'application/json' };

/** Tells when nobody waits for changes any more. */
class WatchedStore extends MemoryStore {
  private left: () => void = () => {};
  readonly abandoned = new Promise<void>((resolve) => {
    this.left = resolve;
  });

  override async changed(...parameters: Parameters<MemoryStore['changed']>): Promise<void> {
    await super.changed(...parameters);
    if (parameters[1].aborted) this.left();
  }
}

describe('over HTTP', () => {
  test('a watch answers at once, then sends each event when it happens, and is freed when its client goes', async () => {
    const store = new WatchedStore();
    const fixture = await apiFixture({ store });
    const url = await listen(fixture);
    const ending = new AbortController();
    // Resolves with the headers: there is no event yet.
    const response = await fetch(`${url}${configMaps}?watch=true&resourceVersion=1`, {
      headers,
      signal: ending.signal,
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    await fixture.send('POST', configMaps, { body: configMap('a') });
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"type":"ADDED".*\}\n$/);
    ending.abort();
    await store.abandoned;
  });

  test('a body that is too large is refused, chunked or not', async () => {
    const url = await listen(await apiFixture());
    const large = JSON.stringify(configMap('a', { a: 'x'.repeat(4 * 1024 * 1024) }));
    const post = (body: string | ReadableStream<Uint8Array>) =>
      fetch(`${url}${configMaps}`, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect((await post(large)).status).toBe(413);
    expect((await post(new Blob([large]).stream())).status).toBe(413);
  });

  test('several warnings and letters beyond ASCII arrive as a client expects them', async () => {
    const url = await listen(await apiFixture());
    const body = '{"metadata":{"name":"a"},"größe":1,"b\\"":2}';
    const response = await fetch(`${url}${configMaps}`, { method: 'POST', headers, body });
    const bytes = Uint8Array.from(response.headers.get('warning') ?? '', (letter) => letter.charCodeAt(0));
    expect(new TextDecoder().decode(bytes)).toBe(
      String.raw`299 - "unknown field \"größe\"", 299 - "unknown field \"b\\\"\""`,
    );
  });

  test('warnings as long as their client likes arrive cut, with what was done', async () => {
    const url = await listen(await apiFixture());
    const fields = Array.from({ length: 100 }, (_, index) => [`field-${index}-${'ö'.repeat(10_000)}`, 1]);
    const body = JSON.stringify({ metadata: { name: 'a' }, ...Object.fromEntries(fields) });
    const response = await fetch(`${url}${configMaps}`, { method: 'POST', headers, body });
    expect(response.status).toBe(201);
    expect(response.headers.get('warning')?.length).toBeLessThan(10_000);
  });
});
