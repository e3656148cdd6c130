import { describe, expect, test } from 'vitest';
import { configMap, type ConfigMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { secret } from '../../../kubernetes/kinds/core/secret.ts';
import type { OwnerReference } from '../../../kubernetes/object-meta.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';

interface Options {
  readonly owners?: readonly (ConfigMap | OwnerReference)[];
  readonly block?: boolean;
  readonly finalizers?: string[];
}

const referenceTo = (owner: ConfigMap | OwnerReference, blockOwnerDeletion: boolean): OwnerReference =>
  'metadata' in owner
    ? {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: owner.metadata.name ?? '',
        uid: owner.metadata.uid ?? '',
        blockOwnerDeletion,
      }
    : owner;

const make = (cluster: Cluster, name: string, { owners = [], block = true, finalizers }: Options = {}) =>
  cluster.create(configMap, {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: {
      name,
      namespace: 'default',
      ...(owners.length === 0 ? {} : { ownerReferences: owners.map((owner) => referenceTo(owner, block)) }),
      ...(finalizers === undefined ? {} : { finalizers }),
    },
  });

const names = async (cluster: Cluster): Promise<(string | undefined)[]> =>
  (await cluster.list(configMap)).map(({ metadata }) => metadata.name).filter((name) => name !== 'kube-root-ca.crt');

const release = (cluster: Cluster, name: string): Promise<unknown> =>
  cluster.update(configMap, name, (found) => void (found.metadata.finalizers = []));

describe('garbage collection', () => {
  test('deletes what an owner leaves, and what that leaves', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    const b = await make(cluster, 'b', { owners: [a] });
    await make(cluster, 'c', { owners: [b] });
    await make(cluster, 'other');
    await cluster.delete(configMap, 'a');
    await cluster.pass(1);
    expect(await names(cluster)).toEqual(['other']);
    expect(cluster.failures).toEqual([]);
  });

  test('keeps what has another owner, which forgets the one that has gone', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    const b = await make(cluster, 'b');
    await make(cluster, 'c', { owners: [a, b] });
    await cluster.delete(configMap, 'a');
    await cluster.pass(1);
    expect(await names(cluster)).toEqual(['b', 'c']);
    expect((await cluster.get(configMap, 'c'))?.metadata.ownerReferences?.map(({ name }) => name)).toEqual(['b']);
    await cluster.delete(configMap, 'b');
    await cluster.pass(1);
    expect(await names(cluster)).toEqual([]);
  });

  test('in the foreground deletes the dependents first, theirs before them', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    const b = await make(cluster, 'b', { owners: [a] });
    await make(cluster, 'c', { owners: [b], finalizers: ['example.com/hold'] });
    await cluster.delete(configMap, 'a', { propagationPolicy: 'Foreground' });
    await cluster.pass(10);
    expect(await names(cluster)).toEqual(['a', 'b', 'c']);
    expect((await cluster.get(configMap, 'b'))?.metadata.finalizers).toEqual(['foregroundDeletion']);
    await release(cluster, 'c');
    await cluster.pass(1);
    expect(await names(cluster)).toEqual([]);
  });

  test('in the foreground does not wait for dependents that do not block', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    await make(cluster, 'b', { owners: [a], block: false, finalizers: ['example.com/hold'] });
    await cluster.delete(configMap, 'a', { propagationPolicy: 'Foreground' });
    await cluster.pass(5);
    expect(await names(cluster)).toEqual(['b']);
    expect((await cluster.get(configMap, 'b'))?.metadata.deletionTimestamp).toBeDefined();
  });

  test('in the foreground of an owner without dependents is done at once', async () => {
    const cluster = await startCluster();
    await make(cluster, 'a');
    await cluster.delete(configMap, 'a', { propagationPolicy: 'Foreground' });
    await cluster.pass(0.25);
    expect(await names(cluster)).toEqual([]);
  });

  test('that is to leave orphans takes their references and leaves them', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    await make(cluster, 'b', { owners: [a] });
    await cluster.delete(configMap, 'a', { propagationPolicy: 'Orphan' });
    await cluster.pass(1);
    expect(await names(cluster)).toEqual(['b']);
    expect((await cluster.get(configMap, 'b'))?.metadata.ownerReferences).toBeUndefined();
  });

  test.each([
    ['that was never there', { name: 'nobody' }],
    ['of its name but another uid', { name: 'a' }],
  ])('deletes an object made with an owner %s', async (_, { name }) => {
    const cluster = await startCluster();
    await make(cluster, 'a');
    const uid = '11111111-1111-4111-8111-111111111111';
    await make(cluster, 'b', { owners: [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }] });
    await cluster.pass(10);
    expect(await names(cluster)).toEqual(['a']);
  });

  test('leaves an object alone whose owner is of a kind that is not known here', async () => {
    const cluster = await startCluster();
    const owner = {
      apiVersion: 'example.com/v1',
      kind: 'Thing',
      name: 'x',
      uid: '11111111-1111-4111-8111-111111111111',
    };
    await make(cluster, 'b', { owners: [owner] });
    await cluster.pass(700);
    expect(await names(cluster)).toEqual(['b']);
  });

  test('looks for an owner in the namespace of the dependent only', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    const metadata = { name: 's', namespace: 'kube-public', ownerReferences: [referenceTo(a, true)] };
    await cluster.create(secret, { kind: 'Secret', apiVersion: 'v1', metadata });
    await cluster.pass(10);
    expect(await cluster.get(secret, 's', 'kube-public')).toBeUndefined();
  });

  test('is made up for when nobody looked while the owner was deleted', async () => {
    const cluster = await startCluster();
    const a = await make(cluster, 'a');
    await make(cluster, 'b', { owners: [a] });
    await cluster.pass(10);
    await cluster.stop();
    await cluster.delete(configMap, 'a');
    await cluster.start();
    await cluster.pass(1);
    expect(await names(cluster)).toEqual([]);
  });
});
