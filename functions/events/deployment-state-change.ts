import { formatKey } from '../../kubernetes/object.ts';
import { eachApart } from '../apart.ts';
import type { Context } from '../context.ts';
import type { AwsEvent } from './event.ts';
import { isOwnCluster, lastPart } from './own-cluster.ts';
import { workloadOfService } from './workload-of-service.ts';

/** "ECS Deployment State Change": a rollout has begun, ended or failed; its resource is the service. */
export async function deploymentStateChange(context: Context, event: AwsEvent): Promise<void> {
  await eachApart(event.resources, {
    name: (arn) => arn,
    work: async (arn) => {
      if (!isOwnCluster(context, arn)) return;
      const workload = await workloadOfService(context, lastPart(arn));
      if (workload !== undefined) await context.queue.enqueue(formatKey(workload.key));
    },
  });
}
