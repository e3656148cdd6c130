import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { deploymentOf, template } from '../support/manifests.ts';
import { endsTheSame } from './story.ts';

endsTheSame([
  {
    name: 'a deployment is updated with Recreate',
    prepare: (cluster) => cluster.create(deployment, deploymentOf({ deployment: { strategy: { type: 'Recreate' } } })),
    act: (cluster) =>
      cluster.update(deployment, 'web', (found) => void (found.spec.template = template({ image: 'nginx:2' }))),
  },
]);
