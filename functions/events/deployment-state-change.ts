import { formatKey } from '../../kubernetes/object.ts';
import type { Context } from '../context.ts';
import type { AwsEvent } from './event.ts';
import { isOwnCluster, lastPart } from './own-cluster.ts';
import { workloadOfService } from './workload-of-service.ts';

/** "ECS Deployment State Change": a rollout has begun, ended or failed; its resource is the service. */
export async function deploymentStateChange(context: Context, event: AwsEvent): Promise<void> {
  for (const arn of event.resources) {
    if (!isOwnCluster(context, arn)) continue;
    const workload = await workloadOfService(context, lastPart(arn));
    if (workload !== undefined) await context.queue.enqueue(formatKey(workload.key));
  }
}
