import { z } from 'zod';
import { defineKind, keyOf, type KindDefinition } from '../../../kubernetes/kind.ts';
import { subdomainProblems } from '../../../kubernetes/names.ts';
import { objectMeta } from '../../../kubernetes/object-meta.ts';
import { once } from '../../../kubernetes/once.ts';
import { struct } from '../../../kubernetes/schema.ts';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import type { WriteDependencies } from '../../../kubernetes/write/dependencies.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const schema = once(() =>
  struct('dev.skiff.test.Boat', {
    kind: z.literal('Boat'),
    apiVersion: z.literal('test/v1'),
    metadata: objectMeta(),
    spec: struct('dev.skiff.test.BoatSpec', {
      berth: z.string().optional(),
      sails: z.int().optional(),
      moored: z.boolean().optional(),
    }).optional(),
    status: struct('dev.skiff.test.BoatStatus', { afloat: z.boolean().optional() }).optional(),
  }),
);
export type Boat = z.infer<ReturnType<typeof schema>>;

/** A kind of boats, with whatever a test needs of it. */
export const boatKind = (overrides: Partial<KindDefinition<Boat>> = {}) =>
  defineKind<Boat>({
    group: 'test',
    version: 'v1',
    kind: 'Boat',
    plural: 'boats',
    namespaced: true,
    schema,
    nameProblems: subdomainProblems,
    columns: [],
    subresources: { status: true },
    generationOf: (object) => object.spec,
    ...overrides,
  });

export const boat = (name: string, spec: Boat['spec'] = {}, metadata: Partial<Boat['metadata']> = {}): Boat => ({
  kind: 'Boat',
  apiVersion: 'test/v1',
  metadata: { name, namespace: 'harbour', ...metadata },
  spec,
});

export const boatKey = (name: string) => keyOf(boatKind(), boat(name));

/** Berths that only one boat may hold. Those chosen freely follow from `random`. */
export const berths: NonNullable<KindDefinition<Boat>['allocation']> = {
  allocate: (object, random) => {
    object.spec = { ...object.spec, berth: object.spec?.berth ?? `b${Math.floor(random() * 3)}` };
  },
  held: ({ spec }) =>
    spec?.berth === undefined
      ? []
      : [{ pool: 'berth', value: spec.berth, field: 'spec.berth', taken: 'provided berth is already allocated' }],
};

/** A memory store with the namespace `harbour`, and numbers from a row that is repeated. */
export async function writeFixture(numbers: readonly number[] = [0.1]) {
  const store = new MemoryStore();
  const clock = new ManualClock();
  let count = 0;
  let ids = 0;
  const dependencies: WriteDependencies = {
    store,
    clock,
    newId: () => `id-${(ids += 1)}`,
    random: () => numbers[(count += 1) % numbers.length] ?? 0,
  };
  await store.create(
    { resource: 'namespaces', namespace: '', name: 'harbour' },
    { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'harbour' } },
  );
  return { store, clock, dependencies };
}
