import { pod } from '../../../kubernetes/kinds/core/pod.ts';
import { replicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import type { Cluster } from '../../support/cluster.ts';
import { podOf, replicationControllerOf, template } from '../support/manifests.ts';
import { endsTheSame } from './story.ts';

const makePod = (cluster: Cluster): Promise<unknown> => cluster.create(pod, podOf());
const makeController = (cluster: Cluster): Promise<unknown> =>
  cluster.create(replicationController, replicationControllerOf());

endsTheSame([
  { name: 'a bare pod is created', act: makePod },
  { name: 'a bare pod is deleted', prepare: makePod, act: (cluster) => cluster.delete(pod, 'one') },
  {
    name: 'a bare pod is deleted by force',
    prepare: makePod,
    act: (cluster) => cluster.delete(pod, 'one', { gracePeriodSeconds: 0 }),
  },
  { name: 'a replication controller is created', act: makeController },
  {
    name: 'a replication controller gets another template and is scaled',
    prepare: makeController,
    act: (cluster) =>
      cluster.update(replicationController, 'web', (found) => {
        found.spec.template = template({ image: 'nginx:2' });
        found.spec.replicas = 3;
      }),
  },
  {
    name: 'a replication controller is deleted',
    prepare: makeController,
    act: (cluster) => cluster.delete(replicationController, 'web'),
  },
]);
