import type { Installation } from '../translate/installation.ts';
import { standardToolboxImage } from '../translate/toolbox/toolbox-image.ts';

/** AWS's own account number for examples. */
export const accountId = '123456789012';

export const zones: readonly string[] = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

/** The installation that local mode pretends to be. */
export const localInstallation: Installation = {
  name: 'skiff',
  region: 'us-east-1',
  cluster: 'skiff',
  subnets: zones.map((zone) => `subnet-0000000000000000${zone.slice(-1)}`),
  securityGroups: ['sg-00000000000000000'],
  executionRoleArn: `arn:aws:iam::${accountId}:role/skiff-execution`,
  toolboxImage: standardToolboxImage,
  logGroup: '/skiff',
  nodes: Object.fromEntries(zones.map((zone) => [zone, `fargate-${zone}`])),
};

/**
 * Where the API server would be in that installation's VPC, for the endpoints of the `kubernetes` Service: Kubernetes
 * refuses loopback addresses there. AWS keeps this one of a subnet unused.
 */
export const apiServerAddress = '10.0.0.3';
