import type { Cluster, ListClustersCommandInput, ListClustersResponse } from '@aws-sdk/client-ecs';
import type { OperationInput, OperationOutput } from '../../aws/operations.ts';
import { invalidParameter } from './errors.ts';
import { arn, isName, lastPart } from './names.ts';
import { page } from './pages.ts';
import type { ClusterRecord } from './state.ts';
import { checkedTags } from './tag-rules.ts';
import type { View, World } from './world.ts';

type Output<Op extends 'CreateCluster' | 'DescribeClusters'> = Omit<OperationOutput<'ecs', Op>, '$metadata'>;

/** Creating a cluster that is there already answers that one. */
export function createCluster(world: World, input: OperationInput<'ecs', 'CreateCluster'>): Output<'CreateCluster'> {
  const name = input.clusterName ?? 'default';
  if (!isName(name)) throw invalidParameter('Identifier contains invalid characters.');
  const tags = checkedTags(input.tags);
  const known = world.state.clusters.get(name);
  const cluster = known ?? { arn: arn(world, `cluster/${name}`), name, tags };
  world.state.clusters.set(name, cluster);
  world.changed('clusters', cluster);
  return { cluster: { ...describe(world, cluster), tags: cluster.tags } };
}

export function describeClusters(
  view: View,
  input: OperationInput<'ecs', 'DescribeClusters'>,
): Output<'DescribeClusters'> {
  const asked = input.clusters === undefined || input.clusters.length === 0 ? ['default'] : input.clusters;
  if (asked.length > 100) throw invalidParameter('Clusters can not exceed 100.');
  const answers = asked.map((each) => ({ each, found: view.state.clusters.get(lastPart(each)) }));
  return {
    clusters: answers.flatMap(({ found }) =>
      found === undefined
        ? []
        : [{ ...describe(view, found), tags: input.include?.includes('TAGS') === true ? found.tags : [] }],
    ),
    failures: answers
      .filter(({ found }) => found === undefined)
      .map(({ each }) => ({ arn: arn(view, `cluster/${lastPart(each)}`), reason: 'MISSING' })),
  };
}

export function listClusters({ state }: View, input: ListClustersCommandInput): ListClustersResponse {
  const arns = [...state.clusters.values()].map((cluster) => cluster.arn);
  const { items, nextToken } = page(arns, input, { standard: 100, maximum: 100 });
  return { clusterArns: items, ...(nextToken === undefined ? {} : { nextToken }) };
}

function describe({ state }: View, cluster: ClusterRecord): Cluster {
  const tasks = [...state.tasks.values()].filter((task) => task.cluster === cluster.name);
  const count = (...statuses: string[]): number => tasks.filter((task) => statuses.includes(task.lastStatus)).length;
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: count('RUNNING'),
    pendingTasksCount: count('PROVISIONING', 'PENDING', 'ACTIVATING'),
    activeServicesCount: [...state.services.values()].filter(
      (service) => service.cluster === cluster.name && service.status === 'ACTIVE',
    ).length,
    statistics: [],
    settings: [{ name: 'containerInsights', value: 'disabled' }],
    capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    defaultCapacityProviderStrategy: [],
  };
}
