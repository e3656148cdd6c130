import { CreateClusterCommand, DescribeClustersCommand } from '@aws-sdk/client-ecs';
import type { TagPlan } from '../../translate/plan.ts';
import type { Clients } from '../clients.ts';
import { whileDoing } from '../errors.ts';

/** Makes the installation's cluster when it is not there. Answers its ARN. */
export async function applyCluster(aws: Pick<Clients, 'ecs'>, clusterName: string, tags: TagPlan[]): Promise<string> {
  return whileDoing(`making cluster ${clusterName}`, async () => {
    const described = await aws.ecs.send(new DescribeClustersCommand({ clusters: [clusterName] }));
    const active = described.clusters?.find((cluster) => cluster.status === 'ACTIVE');
    if (active?.clusterArn !== undefined) return active.clusterArn;
    const created = await aws.ecs.send(new CreateClusterCommand({ clusterName, tags }));
    return created.cluster?.clusterArn ?? clusterName;
  });
}
