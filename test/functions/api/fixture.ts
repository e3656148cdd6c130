import { createApp } from '../../../functions/api/app.ts';
import type { ApiDependencies, User } from '../../../functions/api/dependencies.ts';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { ManualClock } from '../../support/manual-clock.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON, with any shape a test expects. */
  readonly body: Json;
}

/** JSON of unknown shape, as a test reads it: what is absent is undefined, however deep. */
export type Json = Readonly<Record<string, never>> & { readonly [key: string]: Json };

export interface Sent {
  readonly body?: unknown;
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const admin: User = { username: 'admin', groups: ['system:masters'] };

/** The API over an empty memory store with the namespace `shop`, and somebody to ask it. */
export async function apiFixture(overrides: Partial<ApiDependencies> = {}) {
  const clock = new ManualClock();
  const store = overrides.store ?? new MemoryStore();
  const reported: unknown[] = [];
  let ids = 0;
  let numbers = 0;
  const dependencies: ApiDependencies = {
    store,
    clock,
    random: () => (numbers = (numbers + 0.37) % 1),
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    authenticate: async (request) => {
      const token = request.headers.get('authorization');
      if (token === 'Bearer admin') return admin;
      return token === 'Bearer alice' ? { username: 'alice', groups: ['system:authenticated'] } : undefined;
    },
    maximumWatchSeconds: 300,
    report: (error) => reported.push(error),
    ...overrides,
  };
  const app = createApp(dependencies);
  await store.create(
    { resource: 'namespaces', namespace: '', name: 'shop' },
    { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop', uid: 'ns-1' } },
  );

  const request = async (method: string, path: string, sent: Sent = {}): Promise<Response> => {
    const { body, type, accept, headers } = sent;
    const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
    return app.request(`http://localhost${path}`, {
      method,
      ...(text === undefined ? {} : { body: text }),
      headers: {
        authorization: 'Bearer admin',
        ...(body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
        ...(accept === undefined ? {} : { accept }),
        ...headers,
      },
    });
  };
  const send = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const response = await request(method, path, sent);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') && text !== '';
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
  };
  return { app, clock, store, reported, dependencies, request, send };
}

export type ApiFixture = Awaited<ReturnType<typeof apiFixture>>;

export const configMaps = '/api/v1/namespaces/shop/configmaps';

export const configMap = (
  name: string,
  data: Record<string, string> = { a: '1' },
  labels?: Record<string, string>,
) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(labels ? { labels } : {}) },
  data,
});
