import type { Installation } from '../../../translate/installation.ts';

/** The installation that tests translate for. */
export const installation: Installation = {
  name: 'skiff',
  region: 'eu-west-1',
  cluster: 'skiff',
  subnets: ['subnet-0a', 'subnet-0b'],
  securityGroups: ['sg-0a', 'sg-0b'],
  executionRoleArn: 'arn:aws:iam::123456789012:role/skiff-execution',
  toolboxImage: 'public.ecr.aws/docker/library/busybox:1.37.0-musl',
  logGroup: '/skiff/pods',
  nodes: { 'eu-west-1a': 'fargate-eu-west-1a', 'eu-west-1b': 'fargate-eu-west-1b' },
};
