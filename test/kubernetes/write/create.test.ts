import { describe, expect, test } from 'vitest';
import { createObject } from '../../../kubernetes/write/create.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { berths, boat, boatKey, boatKind, writeFixture, type Boat } from './fixture.ts';

const anything = { resource: 'allocations.skiff.dev' };

describe('createObject', () => {
  test('puts kind, apiVersion and metadata in front, whatever the order it is given', async () => {
    const { dependencies } = await writeFixture();
    const { spec, metadata, apiVersion, kind } = boat('a', { sails: 2 });
    const written = await createObject(dependencies, boatKind(), { object: { spec, metadata, apiVersion, kind } });
    expect(written.outcome).toBe('created');
    expect(written.object.text).toMatch(/^\{"kind":"Boat","apiVersion":"test\/v1","metadata":\{"name":"a"/);
  });

  test('leaves the managed fields alone when nobody is named, and attributes them when somebody is', async () => {
    const { dependencies } = await writeFixture();
    const untracked = await createObject(dependencies, boatKind(), { object: boat('a', { sails: 1 }) });
    const tracked = await createObject(dependencies, boatKind(), { object: boat('b', { sails: 1 }), manager: 'me' });
    expect(untracked.object.parse().metadata.managedFields).toBeUndefined();
    expect(tracked.object.parse().metadata.managedFields).toMatchObject([{ manager: 'me' }]);
  });

  test('tells everything that is wrong with an object', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({
      validate: () => [{ reason: 'FieldValueInvalid', field: 'spec.sails', message: 'Invalid value: 9: too many' }],
    });
    await expect(createObject(dependencies, kind, { object: boat('A') })).rejects.toMatchObject({
      status: { code: 422, details: { causes: [{ field: 'metadata.name' }, { field: 'spec.sails' }] } },
    });
    expect(await store.get(boatKey('A'))).toBeUndefined();
  });
});

describe('values that only one object may hold', () => {
  test('are claimed with the object', async () => {
    const { dependencies, store } = await writeFixture([0.5]);
    const written = await createObject(dependencies, boatKind({ allocation: berths }), { object: boat('a') });
    expect(written.object.parse<Boat>().spec?.berth).toBe('b1');
    const held = await store.list(anything);
    expect(held.ok && held.items.map(({ key }) => key.name)).toEqual(['berth:b1']);
  });

  test('are chosen anew when the choice is taken', async () => {
    const { dependencies } = await writeFixture([0.1, 0.1, 0.1, 0.9]);
    const kind = boatKind({ allocation: berths });
    const first = await createObject(dependencies, kind, { object: boat('a') });
    const second = await createObject(dependencies, kind, { object: boat('b') });
    expect(first.object.parse<Boat>().spec?.berth).toBe('b0');
    expect(second.object.parse<Boat>().spec?.berth).toBe('b2');
  });

  test('are refused when they were asked for and are taken', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({ allocation: berths });
    await createObject(dependencies, kind, { object: boat('a', { berth: 'b7' }) });
    await expect(createObject(dependencies, kind, { object: boat('b', { berth: 'b7' }) })).rejects.toMatchObject({
      status: {
        code: 422,
        message: 'Boat.test "b" is invalid: spec.berth: Invalid value: "b7": provided berth is already allocated',
      },
    });
    expect(await store.get(boatKey('b'))).toBeUndefined();
  });

  test('are not lost to an object whose name is taken', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({ allocation: berths });
    await createObject(dependencies, kind, { object: boat('a', { berth: 'b7' }) });
    await expect(createObject(dependencies, kind, { object: boat('a', { berth: 'b8' }) })).rejects.toMatchObject({
      status: { reason: 'AlreadyExists' },
    });
    const held = await store.list(anything);
    expect(held.ok && held.items.map(({ key }) => key.name)).toEqual(['berth:b7']);
  });

  test('that are all taken end in an error, not in an endless search', async () => {
    const { dependencies } = await writeFixture([0.1]);
    const kind = boatKind({ allocation: berths });
    await createObject(dependencies, kind, { object: boat('a') });
    await expect(createObject(dependencies, kind, { object: boat('b') })).rejects.toMatchObject({
      name: 'StatusError',
      code: 500,
    });
  });
});

describe('an object larger than 1.5 MiB', () => {
  const large = (bytes: number) => boat('a', { berth: 'x'.repeat(bytes) });
  const tooLarge = { status: { code: 413, message: 'Request entity too large: limit is 1572864' } };

  test.each([
    ['in ASCII', large(1_572_864)],
    ['in letters of two bytes', boat('a', { berth: 'ä'.repeat(786_432) })],
  ])('is not made, nor is it in a dry run: %s', async (_what, object) => {
    const { dependencies, store } = await writeFixture();
    for (const dryRun of [true, false]) {
      const creation = createObject(dependencies, boatKind(), { object: structuredClone(object), dryRun });
      await expect(creation).rejects.toMatchObject(tooLarge);
    }
    expect(await store.get(boatKey('a'))).toBeUndefined();
  });

  test('is not what another becomes, whoever writes and whatever part', async () => {
    const { dependencies } = await writeFixture();
    const kind = boatKind();
    await createObject(dependencies, kind, { object: large(1_500_000) });
    const annotated = (object: Boat): Boat => ({
      ...object,
      metadata: { ...object.metadata, annotations: { a: 'x'.repeat(100_000) } },
    });
    for (const way of [
      {},
      { manager: 'me' },
      { verbatim: true },
      { dryRun: true },
      { subresource: 'status' },
    ] as const) {
      const update = updateObject(dependencies, kind, { key: boatKey('a'), change: annotated, ...way });
      await expect(update).rejects.toMatchObject(tooLarge);
    }
  });

  test('may be deleted when it just fits, with what a deletion adds to it', async () => {
    const { dependencies } = await writeFixture();
    const kind = boatKind({ leavesTombstone: true });
    const { object } = await createObject(dependencies, kind, {
      object: { ...large(1_572_400), metadata: { ...boat('a').metadata, finalizers: ['test/x'] } },
    });
    expect(object.text.length).toBeGreaterThan(1_572_600);
    expect((await deleteObject(dependencies, kind, { key: boatKey('a') })).outcome).toBe('updated');
    const freed = await updateObject<Boat>(dependencies, kind, {
      key: boatKey('a'),
      change: (current) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } }),
    });
    expect(freed.outcome).toBe('removed');
  });
});
