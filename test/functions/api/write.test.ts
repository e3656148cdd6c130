import { describe, expect, test } from 'vitest';
import { badRequest } from '../../../kubernetes/status-error.ts';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { apiFixture, configMap, configMaps } from './fixture.ts';

describe('POST', () => {
  test('makes an object with server fields in the order of a kube-apiserver', async () => {
    const { send } = await apiFixture();
    const answer = await send('POST', configMaps, { body: configMap('a') });
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual(['kind', 'apiVersion', 'metadata', 'data']);
    expect(answer.body).toMatchObject({
      kind: 'ConfigMap',
      metadata: {
        name: 'a',
        namespace: 'shop',
        creationTimestamp: '2026-01-01T00:00:00Z',
        resourceVersion: '2',
        managedFields: [{ manager: 'unknown', operation: 'Update', fieldsV1: { 'f:data': { '.': {}, 'f:a': {} } } }],
      },
      data: { a: '1' },
    });
  });

  test('attributes fields to fieldManager, else to the program of the User-Agent', async () => {
    const { send } = await apiFixture();
    const agent = { 'user-agent': 'my-agent/1.2 (linux)' };
    const byAgent = await send('POST', configMaps, { body: configMap('a'), headers: agent });
    const byName = await send('POST', `${configMaps}?fieldManager=me`, { body: configMap('b'), headers: agent });
    expect(byAgent.body['metadata']?.['managedFields']).toMatchObject([{ manager: 'my-agent' }]);
    expect(byName.body['metadata']?.['managedFields']).toMatchObject([{ manager: 'me' }]);
  });

  test('takes of the User-Agent as many bytes as a manager may have', async () => {
    const { send } = await apiFixture();
    const agent = { 'user-agent': `x${'ä'.repeat(100)}/1` };
    const made = await send('POST', configMaps, { body: configMap('a'), headers: agent });
    expect(made.body['metadata']?.['managedFields']).toMatchObject([{ manager: `x${'ä'.repeat(63)}` }]);
    expect((await send('PUT', `${configMaps}/a`, { body: made.body, headers: agent })).status).toBe(200);
  });

  test('takes YAML, and JSON without a type, kind or apiVersion', async () => {
    const { send } = await apiFixture();
    const yaml = await send('POST', configMaps, {
      body: 'metadata: {name: y1}\ndata: {a: "1"}\n',
      type: 'application/yaml',
    });
    expect(yaml.status).toBe(201);
    const untyped = await send('POST', configMaps, {
      body: '{"metadata":{"name":"u"}}',
      headers: { 'content-type': '' },
    });
    expect(untyped.status).toBe(201);
  });

  test('chooses another name when a generated one is taken', async () => {
    let calls = 0;
    // The first two names are made of the same numbers.
    const { send } = await apiFixture({ random: () => ((calls += 1) <= 10 ? 0.5 : 0.1) });
    const body = { metadata: { generateName: 'gen-' } };
    const first = await send('POST', configMaps, { body });
    const second = await send('POST', configMaps, { body });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.body['metadata']?.['name']).toMatch(/^gen-[a-z0-9]{5}$/);
    expect(second.body['metadata']?.['name']).not.toBe(first.body['metadata']?.['name']);
    expect(second.body['metadata']?.['generateName']).toBe('gen-');
  });

  test('stores nothing on a dry run and answers no resourceVersion', async () => {
    const { send, store } = await apiFixture();
    const before = await store.revision();
    const answer = await send('POST', `${configMaps}?dryRun=All`, { body: configMap('a') });
    expect(answer.status).toBe(201);
    expect(answer.body['metadata']).toMatchObject({ name: 'a', uid: expect.any(String) });
    expect(answer.body['metadata']).not.toHaveProperty('resourceVersion');
    expect(await store.revision()).toBe(before);
  });

  test('refuses what kube-apiserver refuses, in its words', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('taken') });
    const refused = async (path: string, body: unknown, type?: string) => {
      const { status, body: text } = await send('POST', path, { body, ...(type === undefined ? {} : { type }) });
      return [status, text['reason'], text['message']];
    };
    expect(await refused(configMaps, configMap('taken'))).toEqual([
      409,
      'AlreadyExists',
      'configmaps "taken" already exists',
    ]);
    expect(await refused(configMaps, {})).toEqual([
      422,
      'Invalid',
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ]);
    expect(await refused('/api/v1/namespaces/nonex/configmaps', configMap('a'))).toEqual([
      404,
      'NotFound',
      'namespaces "nonex" not found',
    ]);
    expect(await refused(configMaps, { ...configMap('a'), metadata: { name: 'a', namespace: 'other' } })).toEqual([
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ]);
    expect(await refused(configMaps, { metadata: { name: 'a', resourceVersion: '7' } })).toEqual([
      500,
      undefined,
      'resourceVersion should not be set on objects to be created',
    ]);
    expect(await refused(configMaps, 'x', 'text/plain')).toEqual([
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ]);
    expect(await refused(`${configMaps}?fieldValidation=Foo`, configMap('a'))).toEqual([
      422,
      'Invalid',
      'CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
    ]);
    expect(await refused(`${configMaps}?dryRun=foo`, configMap('a'))).toEqual([
      422,
      'Invalid',
      'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"foo"}: supported values: "All"',
    ]);
    expect(await refused(`${configMaps}?fieldManager=${'m'.repeat(129)}`, configMap('a'))).toEqual([
      422,
      'Invalid',
      'CreateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
    ]);
    expect((await refused('/api/v1/configmaps', configMap('a')))[0]).toBe(405);
    expect((await refused(`${configMaps}/a`, configMap('a')))[0]).toBe(405);
  });

  test('refuses new content in a namespace that is being terminated', async () => {
    const { send, store } = await apiFixture();
    await store.create(
      { resource: 'namespaces', namespace: '', name: 'going' },
      { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'going', deletionTimestamp: '2026-01-01T00:00:00Z' } },
    );
    const answer = await send('POST', '/api/v1/namespaces/going/configmaps', { body: configMap('a') });
    expect(answer.status).toBe(403);
    expect(answer.body['message']).toBe(
      'configmaps "a" is forbidden: unable to create new content in namespace going because it is being terminated',
    );
    expect(answer.body['details']?.['causes']).toMatchObject([{ reason: 'NamespaceTerminating' }]);
  });

  test('warns of unknown and duplicate fields unless asked to refuse or ignore them', async () => {
    const { send } = await apiFixture();
    const body = '{"metadata":{"name":"a"},"foo":"ü\\n","data":{"a":"1","a":"2"}}';
    const warned = await send('POST', `${configMaps}?dryRun=All`, { body });
    expect(warned.status).toBe(201);
    expect(warned.headers.get('warning')).toBe('299 - "duplicate field \\"data.a\\"", 299 - "unknown field \\"foo\\""');
    const ignored = await send('POST', `${configMaps}?dryRun=All&fieldValidation=Ignore`, { body });
    expect(ignored.headers.get('warning')).toBeNull();
    const refused = await send('POST', `${configMaps}?dryRun=All&fieldValidation=Strict`, { body });
    expect(refused.status).toBe(400);
    expect(refused.body['message']).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a", unknown field "foo"',
    );
  });

  test('refuses a body above 3 MiB, announced or not, and takes one just below', async () => {
    const { send } = await apiFixture();
    const big = configMap('a', { a: 'x'.repeat(3 * 1024 * 1024) });
    const streamed = await send('POST', configMaps, { body: big });
    expect([streamed.status, streamed.body['message']]).toEqual([413, 'Request entity too large: limit is 3145728']);
    const announced = await send('POST', configMaps, { body: '{}', headers: { 'content-length': '99999999' } });
    expect(announced.status).toBe(413);
    const small = await send('POST', configMaps, {
      body: `{"metadata":{"name":"a"}}${' '.repeat(3 * 1024 * 1024 - 25)}`,
    });
    expect(small.status).toBe(201);
  });
});

describe('PUT', () => {
  test('replaces at the revision that the body names, or whatever there is when it names none', async () => {
    const { send } = await apiFixture();
    const made = await send('POST', configMaps, { body: configMap('a') });
    const stale = { ...made.body, data: { a: '2' } };
    expect((await send('PUT', `${configMaps}/a`, { body: stale })).status).toBe(200);
    const refused = await send('PUT', `${configMaps}/a`, { body: stale });
    expect([refused.status, refused.body['message']]).toEqual([
      409,
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    ]);
    const unconditional = await send('PUT', `${configMaps}/a`, { body: configMap('a', { b: '3' }) });
    expect(unconditional.body['data']).toEqual({ b: '3' });
    expect(unconditional.body['metadata']?.['uid']).toBe(made.body['metadata']?.['uid']);
  });

  test('keeps the revision when it changes nothing', async () => {
    const { send } = await apiFixture();
    const made = await send('POST', configMaps, { body: configMap('a', { a: '1', b: '2' }) });
    const again = await send('PUT', `${configMaps}/a`, { body: configMap('a', { b: '2', a: '1' }) });
    expect(again.status).toBe(200);
    expect(again.body['metadata']?.['resourceVersion']).toBe(made.body['metadata']?.['resourceVersion']);
  });

  test('refuses another name, another uid, and what is not there', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const name = await send('PUT', `${configMaps}/a`, { body: configMap('b') });
    expect([name.status, name.body['message']]).toEqual([
      400,
      'the name of the object (b) does not match the name on the URL (a)',
    ]);
    const uid = await send('PUT', `${configMaps}/a`, { body: { metadata: { name: 'a', uid: 'x' } } });
    expect([uid.status, uid.body['reason']]).toEqual([409, 'Conflict']);
    const missing = await send('PUT', `${configMaps}/zz`, { body: configMap('zz') });
    expect([missing.status, missing.body['message']]).toEqual([404, 'configmaps "zz" not found']);
  });
});

describe('PATCH', () => {
  const merge = 'application/merge-patch+json';
  const jsonType = 'application/json-patch+json';
  const strategic = 'application/strategic-merge-patch+json';
  const applyType = 'application/apply-patch+yaml';

  test.each([
    { type: merge, body: { data: { a: null, b: '2' } } },
    { type: strategic, body: { data: { a: null, b: '2' } } },
    {
      type: jsonType,
      body: [
        { op: 'remove', path: '/data/a' },
        { op: 'add', path: '/data/b', value: '2' },
      ],
    },
  ])('changes an object by $type', async ({ type, body }) => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const answer = await send('PATCH', `${configMaps}/a`, { body, type });
    expect([answer.status, answer.body['data']]).toEqual([200, { b: '2' }]);
    const nothing = await send('PATCH', `${configMaps}/a`, { body: type === jsonType ? [] : {}, type });
    expect(nothing.body['metadata']?.['resourceVersion']).toBe(answer.body['metadata']?.['resourceVersion']);
  });

  test('serves many patches of one object at once', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const keys = Array.from({ length: 8 }, (_, index) => `k${index}`);
    const answers = await Promise.all(
      keys.map((key) => send('PATCH', `${configMaps}/a`, { body: { data: { [key]: 'v' } }, type: merge })),
    );
    expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
    const { body } = await send('GET', `${configMaps}/a`);
    expect(Object.keys(body['data'] ?? {})).toEqual(expect.arrayContaining(keys));
  });

  test('applies: makes, changes, keeps, takes away, and meets conflicts', async () => {
    const { send } = await apiFixture();
    const apply = (data: Record<string, string>, query = 'fieldManager=me') =>
      send('PATCH', `${configMaps}/a?${query}`, { body: configMap('a', data), type: applyType });
    const made = await apply({ a: '1', b: '2' });
    expect(made.status).toBe(201);
    const same = await apply({ a: '1', b: '2' });
    expect([same.status, same.body['metadata']?.['resourceVersion']]).toEqual([
      200,
      made.body['metadata']?.['resourceVersion'],
    ]);
    const less = await apply({ a: '1' });
    expect(less.body['data']).toEqual({ a: '1' });
    const other = await apply({ a: '9' }, 'fieldManager=you');
    expect([other.status, other.body['message']]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "me": .data.a',
    ]);
    expect((await apply({ a: '9' }, 'fieldManager=you&force=true')).body['data']).toEqual({ a: '9' });
  });

  test('refuses what kube-apiserver refuses, in its words', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const refused = async (path: string, type: string, body: unknown) => {
      const answer = await send('PATCH', `${configMaps}/${path}`, { type, body });
      return [answer.status, answer.body['message']];
    };
    expect(await refused('zz', merge, {})).toEqual([404, 'configmaps "zz" not found']);
    expect(await refused('a', merge, { metadata: { name: 'b' } })).toEqual([
      400,
      'the name of the object (b) does not match the name on the URL (a)',
    ]);
    expect((await refused('a', merge, { metadata: { resourceVersion: '1' } }))[0]).toBe(409);
    expect(await refused('a', jsonType, [{ op: 'test', path: '/data/a', value: 'x' }])).toEqual([
      422,
      'the server rejected our request due to an error in our request',
    ]);
    expect((await refused('a', 'application/json', {}))[0]).toBe(415);
    expect(await refused('a', applyType, configMap('a'))).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
    expect(await refused('a?force=true', merge, {})).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ]);
    expect(await refused('a?fieldManager=m', applyType, configMap('b'))).toEqual([
      400,
      'the name of the object (b) does not match the name on the URL (a)',
    ]);
  });

  test('answers a dry run without storing it', async () => {
    const { send, store } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const before = await store.revision();
    const answer = await send('PATCH', `${configMaps}/a?dryRun=All`, { body: { data: { b: '2' } }, type: merge });
    expect(answer.body['data']).toEqual({ a: '1', b: '2' });
    expect(await store.revision()).toBe(before);
  });
});

describe('DELETE', () => {
  test('answers a Status with the uid', async () => {
    const { send } = await apiFixture();
    const made = await send('POST', configMaps, { body: configMap('a') });
    const answer = await send('DELETE', `${configMaps}/a`, { body: { propagationPolicy: 'Background' } });
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: 'a', kind: 'configmaps', uid: made.body['metadata']?.['uid'] },
      },
    ]);
    expect((await send('DELETE', `${configMaps}/a`)).status).toBe(404);
  });

  test('marks an object that has finalizers, and the write that takes the last one away removes it', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: { metadata: { name: 'a', finalizers: ['ex.io/f'] } } });
    const marked = await send('DELETE', `${configMaps}/a`);
    expect(marked.body['metadata']).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 0,
    });
    const again = await send('DELETE', `${configMaps}/a`);
    expect(again.body).toEqual(marked.body);
    const added = await send('PATCH', `${configMaps}/a`, {
      body: { metadata: { finalizers: ['ex.io/f', 'ex.io/g'] } },
      type: 'application/merge-patch+json',
    });
    expect(added.status).toBe(422);
    const freed = await send('PATCH', `${configMaps}/a`, {
      body: { metadata: { finalizers: null } },
      type: 'application/merge-patch+json',
    });
    expect([freed.status, freed.body['metadata']?.['name']]).toEqual([200, 'a']);
    expect((await send('GET', `${configMaps}/a`)).status).toBe(404);
  });

  test.each([
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ])('leaves %s to the garbage collector', async (propagationPolicy, finalizer) => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const answer = await send('DELETE', `${configMaps}/a?propagationPolicy=${propagationPolicy}`);
    expect(answer.body['metadata']?.['finalizers']).toEqual([finalizer]);
  });

  test('takes its options from a body that names any group, or from the query, and can be tried', async () => {
    const { send } = await apiFixture();
    await send('POST', configMaps, { body: configMap('a') });
    const options = { kind: 'DeleteOptions', apiVersion: 'apps/v1', dryRun: ['All'] };
    expect((await send('DELETE', `${configMaps}/a`, { body: options })).status).toBe(200);
    expect((await send('DELETE', `${configMaps}/a?dryRun=All`)).status).toBe(200);
    expect((await send('GET', `${configMaps}/a`)).status).toBe(200);
  });

  test('refuses what kube-apiserver refuses, in its words', async () => {
    const { send } = await apiFixture();
    const made = await send('POST', configMaps, { body: configMap('a') });
    const uid = made.body['metadata']?.['uid'];
    const refused = async (body: unknown) => {
      const answer = await send('DELETE', `${configMaps}/a`, { body });
      return [answer.status, answer.body['message']];
    };
    expect(await refused({ preconditions: { uid: 'zz' } })).toEqual([
      409,
      `Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition (zz) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    ]);
    expect(await refused({ preconditions: { resourceVersion: '1' } })).toEqual([
      409,
      'Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (2). The object might have been modified',
    ]);
    expect(await refused({ propagationPolicy: 'Foo' })).toEqual([
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil"',
    ]);
    expect(await refused({ propagationPolicy: 'Orphan', orphanDependents: true })).toEqual([
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set',
    ]);
    expect(await refused({ dryRun: ['foo'] })).toEqual([
      422,
      'DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: []string{"foo"}: supported values: "All"',
    ]);
  });

  test('of a collection deletes the others though one cannot be, and says what was wrong with that', async () => {
    const store = new MemoryStore();
    const { send } = await apiFixture({ store });
    for (let each = 0; each < 40; each += 1) await send('POST', configMaps, { body: configMap(`a${each}`) });
    const remove = store.delete.bind(store);
    store.delete = async (key, revision) => {
      if (key.name === 'a0') throw badRequest('a0 stays');
      return remove(key, revision);
    };
    expect((await send('DELETE', configMaps)).body).toMatchObject({ code: 400, message: 'a0 stays' });
    expect((await send('GET', configMaps)).body['items']).toHaveLength(1);
  });

  test('of a collection deletes what the selector chooses and answers the list', async () => {
    const { send } = await apiFixture();
    for (const name of ['a', 'b', 'c']) {
      await send('POST', configMaps, { body: configMap(name, {}, name === 'b' ? undefined : { g: 'x' }) });
    }
    const answer = await send('DELETE', `${configMaps}?labelSelector=g%3Dx`);
    expect(answer.body['kind']).toBe('ConfigMapList');
    expect(answer.body['items']).toMatchObject([{ metadata: { name: 'a' } }, { metadata: { name: 'c' } }]);
    const left = await send('GET', configMaps);
    expect(left.body['items']).toMatchObject([{ metadata: { name: 'b' } }]);
  });
});
