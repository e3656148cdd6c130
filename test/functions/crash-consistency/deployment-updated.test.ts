import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { deploymentOf, template } from '../support/manifests.ts';
import { endsTheSame } from './story.ts';

endsTheSame([
  {
    name: 'the image of a deployment is updated',
    prepare: (cluster) => cluster.create(deployment, deploymentOf()),
    act: (cluster) =>
      cluster.update(deployment, 'web', (found) => void (found.spec.template = template({ image: 'nginx:2' }))),
  },
]);
