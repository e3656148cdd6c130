import { describe, expect, test } from 'vitest';
import { allTombstones, findTombstones, removeTombstone } from '../../../kubernetes/tombstone.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { berths, boat, boatKey, boatKind, writeFixture, type Boat } from './fixture.ts';

const key = boatKey('a');
const patient = { gracePeriodSeconds: (_object: Boat, asked: number | undefined) => asked ?? 30 };

describe('deleteObject', () => {
  test('removes an object that nobody holds, and frees its values', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({ allocation: berths });
    await createObject(dependencies, kind, { object: boat('a', { berth: 'b1' }) });
    const written = await deleteObject(dependencies, kind, { key });
    expect(written.outcome).toBe('removed');
    const held = await store.list({ resource: 'allocations.skiff.dev' });
    expect(held.ok && held.items).toEqual([]);
    const again = await createObject(dependencies, kind, { object: boat('b', { berth: 'b1' }) });
    expect(again.outcome).toBe('created');
  });

  test('gives the time to stop, which a second deletion can only shorten', async () => {
    const { dependencies, store, clock } = await writeFixture();
    const kind = boatKind(patient);
    await createObject(dependencies, kind, { object: boat('a') });
    const marked = await deleteObject(dependencies, kind, { key });
    expect(marked.outcome).toBe('updated');
    expect(marked.object.parse().metadata).toMatchObject({
      deletionTimestamp: '2026-01-01T00:00:30Z',
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    await clock.advance(5000);
    expect((await deleteObject(dependencies, kind, { key, gracePeriodSeconds: 60 })).outcome).toBe('unchanged');
    const shorter = await deleteObject(dependencies, kind, { key, gracePeriodSeconds: 1 });
    expect(shorter.object.parse().metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:06Z', generation: 2 });
    expect((await deleteObject(dependencies, kind, { key, gracePeriodSeconds: 0 })).outcome).toBe('removed');
    expect(await store.get(key)).toBeUndefined();
  });

  test('keeps an object that is stopping though its last finalizer goes', async () => {
    const { dependencies } = await writeFixture();
    const kind = boatKind(patient);
    await createObject(dependencies, kind, { object: boat('a', {}, { finalizers: ['x/f'] }) });
    await deleteObject(dependencies, kind, { key });
    const freed = await updateObject(dependencies, kind, {
      key,
      change: (current) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } }),
    });
    expect(freed.outcome).toBe('updated');
    expect((await deleteObject(dependencies, kind, { key, gracePeriodSeconds: 0 })).outcome).toBe('removed');
  });

  test('asks the kind whether something else holds the object back', async () => {
    const { dependencies } = await writeFixture();
    const kind = boatKind({
      prepareDelete: (object) => {
        object.status = { afloat: false };
      },
      heldBack: ({ spec }) => spec?.moored ?? false,
    });
    await createObject(dependencies, kind, { object: boat('a', { moored: true }) });
    const marked = await deleteObject(dependencies, kind, { key });
    expect(marked.outcome).toBe('updated');
    expect(marked.object.parse<Boat>().status).toEqual({ afloat: false });
    const freed = await updateObject(dependencies, kind, { key, change: (current) => ({ ...current, spec: {} }) });
    expect(freed.outcome).toBe('removed');
  });

  test('changes the mind about dependents as long as the object is there', async () => {
    const { dependencies } = await writeFixture();
    const kind = boatKind();
    await createObject(dependencies, kind, { object: boat('a', {}, { finalizers: ['x/f'] }) });
    const finalizers = async (propagationPolicy?: 'Background' | 'Foreground' | 'Orphan') =>
      (await deleteObject(dependencies, kind, { key, propagationPolicy })).object.parse().metadata.finalizers;
    expect(await finalizers('Foreground')).toEqual(['x/f', 'foregroundDeletion']);
    expect(await finalizers()).toEqual(['x/f', 'foregroundDeletion']);
    expect(await finalizers('Orphan')).toEqual(['x/f', 'orphan']);
    expect(await finalizers('Background')).toEqual(['x/f']);
  });

  test('is tried without writing', async () => {
    const { dependencies, store } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a') });
    expect((await deleteObject(dependencies, boatKind(), { key, dryRun: true })).outcome).toBe('removed');
    expect(await store.get(key)).toBeDefined();
  });
});

describe('tombstones', () => {
  test('remember every deleted object of a name, until they are removed', async () => {
    const { dependencies, store } = await writeFixture();
    const kind = boatKind({ leavesTombstone: true });
    for (const sails of [1, 2]) {
      await createObject(dependencies, kind, { object: boat('a', { sails }) });
      await deleteObject(dependencies, kind, { key });
    }
    await createObject(dependencies, kind, { object: boat('a-b') });
    await deleteObject(dependencies, kind, { key: boatKey('a-b') });
    const found = await findTombstones(store, key);
    expect(found.map(({ key: of, uid, object }) => [of, uid, object])).toMatchObject([
      [key, expect.any(String), { spec: { sails: 1 } }],
      [key, expect.any(String), { spec: { sails: 2 } }],
    ]);
    expect(await allTombstones(store)).toHaveLength(3);
    for (const tombstone of found) {
      await removeTombstone(store, tombstone);
      await removeTombstone(store, tombstone);
    }
    expect(await findTombstones(store, key)).toEqual([]);
  });

  test('are left by nobody whose kind needs none', async () => {
    const { dependencies, store } = await writeFixture();
    await createObject(dependencies, boatKind(), { object: boat('a') });
    await deleteObject(dependencies, boatKind(), { key });
    expect(await allTombstones(store)).toEqual([]);
  });
});
