import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { namespace } from '../../../kubernetes/kinds/core/namespace.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { secret } from '../../../kubernetes/kinds/core/secret.ts';
import { serviceAccount } from '../../../kubernetes/kinds/core/service-account.ts';
import { service } from '../../../kubernetes/kinds/core/service.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { deploymentOf, podOf, serviceOf } from '../support/manifests.ts';
import { definitionsOf, servicesOf, tasksOf } from '../support/observe.ts';

const shop = { namespace: 'shop' };

async function withShop(): Promise<Cluster> {
  const cluster = await startCluster();
  await cluster.create(namespace, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop' } });
  await cluster.pass(1);
  return cluster;
}

const inShop = async (cluster: Cluster): Promise<string[]> =>
  [...(await cluster.everything()).keys()].filter((key) => key.split('/')[1] === 'shop' || key === 'namespaces//shop');

describe('a namespace', () => {
  test('has its default ServiceAccount and the root certificate, and gets them back', async () => {
    const cluster = await withShop();
    expect(await cluster.get(serviceAccount, 'default', 'shop')).toBeDefined();
    expect((await cluster.get(configMap, 'kube-root-ca.crt', 'shop'))?.data).toEqual({ 'ca.crt': 'certificate' });
    for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
      expect(await cluster.get(serviceAccount, 'default', name)).toBeDefined();
      expect(await cluster.get(configMap, 'kube-root-ca.crt', name)).toBeDefined();
    }
  });

  test('that is deleted goes when everything in it has gone, of every kind', async () => {
    const cluster = await withShop();
    const into = <T extends { metadata: object }>(object: T): T => ({
      ...object,
      metadata: { ...object.metadata, ...shop },
    });
    await cluster.create(deployment, into(deploymentOf({ simulate: 'slow-stop' })));
    await cluster.create(podKind, into(podOf({ simulate: 'slow-stop' })));
    await cluster.create(service, into(serviceOf()));
    await cluster.create(secret, { kind: 'Secret', apiVersion: 'v1', metadata: { name: 's', ...shop } });
    await cluster.until(
      async () =>
        (await cluster.list(podKind, 'shop')).filter(({ status }) => status?.phase === 'Running').length === 3,
    );
    await cluster.delete(namespace, 'shop');
    await cluster.pass(3);
    const going = await cluster.get(namespace, 'shop');
    expect(going?.status?.phase).toBe('Terminating');
    expect(going?.metadata.deletionTimestamp).toBeDefined();
    expect((await inShop(cluster)).filter((key) => !key.startsWith('pods/'))).toEqual(['namespaces//shop']);
    await cluster.until(async () => (await cluster.get(namespace, 'shop')) === undefined);
    await cluster.pass(10);
    expect(await inShop(cluster)).toEqual([]);
    const events = await cluster.store.list({ resource: 'events', namespace: 'shop' });
    expect(events.ok && events.items).toEqual([]);
    expect([await tasksOf(cluster), await servicesOf(cluster), await definitionsOf(cluster)]).toEqual([[], [], []]);
    expect(cluster.failures).toEqual([]);
  });

  test('waits for finalizers of what is in it', async () => {
    const cluster = await withShop();
    const metadata = { name: 'held', ...shop, finalizers: ['example.com/hold'] };
    await cluster.create(configMap, { kind: 'ConfigMap', apiVersion: 'v1', metadata });
    await cluster.delete(namespace, 'shop');
    await cluster.pass(30);
    expect(await inShop(cluster)).toEqual(['configmaps/shop/held', 'namespaces//shop']);
    const { updateObject } = await import('../../../kubernetes/write/update.ts');
    await updateObject(cluster.context, configMap, {
      key: { resource: 'configmaps', namespace: 'shop', name: 'held' },
      change: (current) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } }),
    });
    await cluster.pass(5);
    expect(await inShop(cluster)).toEqual([]);
  });

  test('can be made again after it has gone', async () => {
    const cluster = await withShop();
    await cluster.delete(namespace, 'shop');
    await cluster.until(async () => (await cluster.get(namespace, 'shop')) === undefined);
    await cluster.create(namespace, { kind: 'Namespace', apiVersion: 'v1', metadata: { name: 'shop' } });
    await cluster.pass(1);
    expect(await cluster.get(serviceAccount, 'default', 'shop')).toBeDefined();
  });
});
