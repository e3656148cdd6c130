import { DescribeClustersCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { bootstrap } from '../../functions/bootstrap.ts';
import { configMap } from '../../kubernetes/kinds/core/config-map.ts';
import { endpoints } from '../../kubernetes/kinds/core/endpoints.ts';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { node } from '../../kubernetes/kinds/core/node.ts';
import { service } from '../../kubernetes/kinds/core/service.ts';
import { endpointSlice } from '../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { startCluster } from '../support/cluster.ts';

const apiServer = { address: '192.0.2.1', port: 6443 };

describe('the bootstrap', () => {
  test('makes the ECS cluster and the namespaces', async () => {
    const cluster = await startCluster();
    const { clusters } = await cluster.emulation.clients.ecs.send(new DescribeClustersCommand({ clusters: ['skiff'] }));
    expect(clusters?.[0]?.status).toBe('ACTIVE');
    const spaces = await cluster.store.list({ resource: 'namespaces' });
    expect(spaces.ok && spaces.items.map(({ key }) => key.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
    expect((await cluster.get(namespace, 'default', ''))?.status?.phase).toBe('Active');
  });

  test('makes a node for each zone', async () => {
    const cluster = await startCluster();
    const found = await cluster.get(node, 'fargate-us-east-1b', '');
    expect(found?.metadata.labels).toMatchObject({
      'kubernetes.io/hostname': 'fargate-us-east-1b',
      'topology.kubernetes.io/zone': 'us-east-1b',
    });
    expect(found?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
    expect(found?.status?.nodeInfo?.kubeletVersion).toMatch(/^v1\.33\./);
    expect(found?.status?.capacity).toEqual(found?.status?.allocatable);
  });

  test('makes the Service by which pods find the API server', async () => {
    const cluster = await startCluster();
    expect((await cluster.get(service, 'kubernetes'))?.spec).toMatchObject({
      clusterIP: '10.96.0.1',
      type: 'ClusterIP',
    });
    expect((await cluster.get(endpoints, 'kubernetes'))?.subsets).toEqual([
      { addresses: [{ ip: '192.0.2.1' }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] },
    ]);
    expect((await cluster.get(endpointSlice, 'kubernetes'))?.endpoints?.[0]?.addresses).toEqual(['192.0.2.1']);
  });

  test('done again with the same changes nothing', async () => {
    const cluster = await startCluster();
    await cluster.pass(5);
    const revision = await cluster.store.revision();
    await bootstrap(cluster.context, { certificateAuthority: 'certificate', apiServer });
    expect(await cluster.store.revision()).toBe(revision);
  });

  test('says what has become of platform, certificate and address', async () => {
    const cluster = await startCluster();
    const platform = {
      containerRuntimeVersion: 'simulated://0.1.0',
      osImage: 'simulated',
      architecture: 'arm64',
    } as const;
    await bootstrap(cluster.context, {
      platform,
      certificateAuthority: 'another',
      apiServer: { address: '192.0.2.9', port: 8001 },
    });
    const found = await cluster.get(node, 'fargate-us-east-1a', '');
    expect(found?.status?.nodeInfo?.containerRuntimeVersion).toBe('simulated://0.1.0');
    expect(found?.metadata.labels?.['kubernetes.io/arch']).toBe('arm64');
    expect((await cluster.get(configMap, 'kube-root-ca.crt', 'kube-system'))?.data).toEqual({ 'ca.crt': 'another' });
    expect((await cluster.get(endpoints, 'kubernetes'))?.subsets?.[0]?.addresses).toEqual([{ ip: '192.0.2.9' }]);
  });
});
