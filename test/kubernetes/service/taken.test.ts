import { describe, expect, test } from 'vitest';
import { namespace } from '../../../kubernetes/kinds/core/namespace.ts';
import { service, type Service } from '../../../kubernetes/kinds/core/service.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { MemoryStore } from '../../../kubernetes/store/memory.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { ManualClock } from '../../support/manual-clock.ts';

async function shop(random: () => number = () => 0) {
  let ids = 0;
  const dependencies = { store: new MemoryStore(), clock: new ManualClock(), newId: () => `id-${(ids += 1)}`, random };
  const shopNamespace = { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop' } } as const;
  await createObject(dependencies, namespace, { object: { ...shopNamespace, metadata: { name: 'shop' } } });
  const bare = (name: string, spec: Service['spec']): Service => ({
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, namespace: 'shop' },
    spec,
  });
  return {
    dependencies,
    create: async (name: string, spec: Service['spec']): Promise<Service> => {
      const written = await createObject(dependencies, service, { object: bare(name, spec) });
      return written.object.parse<Service>();
    },
    key: (name: string) => keyOf(service, bare(name, {})),
  };
}

describe('what a Service asks for and another one has', () => {
  test('a cluster IP is refused with the text of a real server, and is free again after a deletion', async () => {
    const { create, dependencies, key } = await shop();
    await create('a', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] });
    await expect(create('b', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] })).rejects.toThrow(
      'Service "b" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.0.10"}: failed to allocate IP 10.96.0.10: provided IP is already allocated',
    );
    await deleteObject(dependencies, service, { key: key('a') });
    expect((await create('b', { clusterIP: '10.96.0.10', ports: [{ port: 80 }] })).spec?.clusterIP).toBe('10.96.0.10');
  });

  test('a node port likewise, on an update too', async () => {
    const { create, dependencies, key } = await shop();
    await create('a', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] });
    const message =
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated';
    const asked = { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }], clusterIP: '10.96.0.7' };
    await expect(create('b', asked)).rejects.toThrow(message);
    await create('b', { clusterIP: '10.96.0.7', ports: [{ port: 80 }] });
    const change = (object: Service): Service => ({ ...object, spec: { ...object.spec, ...asked } });
    await expect(updateObject(dependencies, service, { key: key('b'), change })).rejects.toThrow(message);
  });
});

test('a value chosen by chance that is taken is chosen again', async () => {
  const numbers = [0, 0, 0, 0, 0.5];
  const { create } = await shop(() => (numbers.length > 1 ? numbers.shift() : numbers[0]) ?? 0);
  const first = await create('a', { type: 'NodePort', ports: [{ port: 80 }] });
  const second = await create('b', { type: 'NodePort', ports: [{ port: 80 }] });
  expect(first.spec).toMatchObject({ clusterIP: '10.96.1.1', ports: [{ nodePort: 30_086 }] });
  expect(second.spec?.clusterIP).not.toBe('10.96.1.1');
  expect(second.spec?.ports?.[0]?.nodePort).not.toBe(30_086);
});

test('a Service that becomes a NodePort gets a port, and one that stops being one gives it back', async () => {
  const { create, dependencies, key } = await shop();
  await create('a', { ports: [{ port: 80 }] });
  const become = (type: string) =>
    updateObject(dependencies, service, {
      key: key('a'),
      change: (object: Service) => ({ ...object, spec: { ...object.spec, type } }),
    });
  const opened = (await become('NodePort')).object.parse<Service>();
  expect(opened.spec?.ports?.[0]?.nodePort).toBe(30_086);
  const closed = (await become('ClusterIP')).object.parse<Service>();
  expect(closed.spec?.ports?.[0]).not.toHaveProperty('nodePort');
  const next = await create('b', { type: 'NodePort', clusterIP: '10.96.0.9', ports: [{ port: 80, nodePort: 30_086 }] });
  expect(next.spec?.ports?.[0]?.nodePort).toBe(30_086);
});

describe('a Service with many node ports', () => {
  const portsOf = (count: number, first = 1) =>
    Array.from({ length: count }, (_, index) => ({ name: `p${index}`, port: first + index }));

  test('has at most 47 beside its address, and all are free again when it goes', async () => {
    const { create, dependencies, key } = await shop();
    const message =
      'Service "a" is invalid: spec.ports[47].nodePort: Forbidden: at most 48 values can be allocated to one object';
    await expect(create('a', { type: 'NodePort', ports: portsOf(48) })).rejects.toThrow(message);
    await expect(create('a', { type: 'NodePort', ports: portsOf(2000) })).rejects.toThrow(message);
    await create('a', { type: 'NodePort', ports: portsOf(47) });
    await deleteObject(dependencies, service, { key: key('a') });
    expect(await dependencies.store.list({ resource: 'allocations.skiff.dev' })).toMatchObject({ items: [] });
  });

  test('changes as many at once as a transaction takes', async () => {
    const { create, dependencies, key } = await shop();
    await create('a', { type: 'NodePort', ports: portsOf(47) });
    const change = (count: number) => (object: Service) => {
      const ports = (object.spec?.ports ?? []).map((port, index) =>
        index < count ? { ...port, nodePort: 30_100 + 100 + index } : port,
      );
      return { ...object, spec: { ...object.spec, ports } };
    };
    const update = (count: number) => updateObject(dependencies, service, { key: key('a'), change: change(count) });
    await expect(update(25)).rejects.toThrow('Forbidden: at most 49 allocated values can change at once');
    expect((await update(24)).outcome).toBe('updated');
    const toClusterIP = ({ spec, ...object }: Service): Service => ({
      ...object,
      spec: { ...spec, type: 'ClusterIP', ports: portsOf(47) },
    });
    expect((await updateObject(dependencies, service, { key: key('a'), change: toClusterIP })).outcome).toBe('updated');
  });
});
