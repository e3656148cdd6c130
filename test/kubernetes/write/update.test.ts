import { describe, expect, test } from 'vitest';
import { createObject } from '../../../kubernetes/write/create.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { berths, boat, boatKey, boatKind, writeFixture, type Boat } from './fixture.ts';

const key = boatKey('a');

describe('updateObject', () => {
  test('writes what changed, with a new generation when the spec did', async () => {
    const { dependencies } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a', { sails: 1 }) });
    const written = await updateObject(dependencies, boatKind(), {
      key,
      change: (current) => ({ ...current, spec: { sails: 2 } }),
    });
    expect(written.outcome).toBe('updated');
    expect(written.object.parse<Boat>()).toMatchObject({ metadata: { generation: 2 }, spec: { sails: 2 } });
  });

  test.each([
    ['undefined', (): undefined => undefined],
    ['an equal object', (current: Boat): Boat => ({ ...current, spec: { sails: 1 } })],
  ])('writes nothing for %s', async (_what, change) => {
    const { dependencies, store } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a', { sails: 1 }) });
    const before = await store.revision();
    const written = await updateObject(dependencies, boatKind(), { key, change, manager: 'me' });
    expect(written.outcome).toBe('unchanged');
    expect(written.object.parse<Boat>().spec).toEqual({ sails: 1 });
    expect(await store.revision()).toBe(before);
  });

  test('writes the status alone through the subresource, and never otherwise', async () => {
    const { dependencies } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a', { sails: 1 }) });
    const change = (current: Boat): Boat => ({ ...current, spec: { sails: 9 }, status: { afloat: true } });
    const status = await updateObject(dependencies, boatKind(), { key, change, subresource: 'status' });
    expect(status.object.parse<Boat>()).toMatchObject({ spec: { sails: 1 }, status: { afloat: true } });
    const main = await updateObject(dependencies, boatKind(), {
      key,
      change: (current) => ({ ...current, spec: { sails: 3 }, status: { afloat: false } }),
    });
    expect(main.object.parse<Boat>()).toMatchObject({ spec: { sails: 3 }, status: { afloat: true } });
  });

  test('loses no change of many at once', async () => {
    const { dependencies, store } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a', { sails: 0 }) });
    const add = () =>
      updateObject(dependencies, boatKind(), {
        key,
        change: (current) => ({ ...current, spec: { sails: (current.spec?.sails ?? 0) + 1 } }),
      });
    await Promise.all(Array.from({ length: 8 }, add));
    expect((await store.get(key))?.parse<Boat>().spec?.sails).toBe(8);
  });

  test('gives up with a conflict when somebody else always writes in between', async () => {
    const { dependencies, store } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a', { sails: 0 }) });
    let attempts = 0;
    const change = async (current: Boat): Promise<Boat> => {
      attempts += 1;
      const record = await store.get(key);
      if (record) await store.update(key, boat('a', { sails: 100 + attempts }), record.revision);
      return { ...current, spec: { sails: 1 } };
    };
    await expect(updateObject(dependencies, boatKind(), { key, change })).rejects.toMatchObject({
      status: { reason: 'Conflict' },
    });
    expect(attempts).toBe(10);
  });

  test('refuses an object that is not there, and a revision that it has no more', async () => {
    const { dependencies } = await writeFixture();
    const change = (current: Boat): Boat => current;
    await expect(updateObject(dependencies, boatKind(), { key, change })).rejects.toMatchObject({ code: 404 });
    await createObject(dependencies, boatKind(), { object: boat('a') });
    await expect(updateObject(dependencies, boatKind(), { key, change, revision: 1 })).rejects.toMatchObject({
      code: 409,
    });
  });

  test('removes a deleted object with its last finalizer, and leaves its tombstone', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({ leavesTombstone: true });
    await createObject(dependencies, kind, { object: boat('a', {}, { finalizers: ['x/f', 'x/g'] }) });
    await deleteObject(dependencies, kind, { key });
    const without = (finalizer: string) =>
      updateObject(dependencies, kind, {
        key,
        change: (current) => {
          current.metadata.finalizers = current.metadata.finalizers?.filter((each) => each !== finalizer);
          return current;
        },
      });
    expect((await without('x/f')).outcome).toBe('updated');
    expect((await without('x/g')).outcome).toBe('removed');
    expect(await store.get(key)).toBeUndefined();
    const tombstones = await store.list({ resource: 'tombstones.skiff.dev' });
    expect(tombstones.ok && tombstones.items).toHaveLength(1);
  });

  test('takes and gives back values with the object, in one step', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({ allocation: berths });
    await createObject(dependencies, kind, { object: boat('a', { berth: 'b1' }) });
    await createObject(dependencies, kind, { object: boat('b', { berth: 'b2' }) });
    const move = (berth: string) =>
      updateObject(dependencies, kind, { key, change: (current) => ({ ...current, spec: { berth } }) });
    await expect(move('b2')).rejects.toMatchObject({ code: 422 });
    await move('b3');
    const held = await store.list({ resource: 'allocations.skiff.dev' });
    expect(held.ok && held.items.map(({ key: { name } }) => name)).toEqual(['berth:b2', 'berth:b3']);
  });

  test('tries a change without writing it', async () => {
    const { dependencies, store } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a', { sails: 1 }) });
    const before = await store.revision();
    const change = (current: Boat): Boat => ({ ...current, spec: { sails: 2 } });
    const written = await updateObject(dependencies, boatKind(), { key, change, dryRun: true });
    expect(written.object.parse<Boat>().spec).toEqual({ sails: 2 });
    expect(await store.revision()).toBe(before);
  });
});
