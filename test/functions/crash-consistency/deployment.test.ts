import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Cluster } from '../../support/cluster.ts';
import { deploymentOf } from '../support/manifests.ts';
import { endsTheSame } from './story.ts';

const make = (cluster: Cluster): Promise<unknown> => cluster.create(deployment, deploymentOf());

endsTheSame([
  { name: 'a deployment is created', act: make },
  {
    name: 'it is scaled',
    prepare: make,
    act: (cluster) => cluster.update(deployment, 'web', (found) => void (found.spec.replicas = 4)),
  },
  { name: 'it is deleted', prepare: make, act: (cluster) => cluster.delete(deployment, 'web') },
  {
    name: 'it is deleted in the foreground',
    prepare: make,
    act: (cluster) => cluster.delete(deployment, 'web', { propagationPolicy: 'Foreground' }),
  },
  {
    name: 'one of its pods is deleted',
    prepare: make,
    act: async (cluster) => cluster.delete(pod, (await cluster.list(pod))[0]?.metadata.name ?? ''),
  },
  {
    name: 'its replica set is left an orphan and deleted then',
    prepare: make,
    act: async (cluster) => {
      await cluster.delete(deployment, 'web', { propagationPolicy: 'Orphan' });
      await cluster.pass(1);
      for (const { metadata } of await cluster.list(replicaSet)) await cluster.delete(replicaSet, metadata.name ?? '');
    },
  },
]);
