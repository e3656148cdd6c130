import { networkConfiguration, platformVersion } from './ecs-service.ts';
import type { Installation } from './installation.ts';
import type { Owner, RunTaskPlan } from './plan.ts';
import { ownershipTags } from './tags.ts';

/** The task of a pod that no workload keeps. `attempt` counts from 0: each one starts one task, however often it is called. */
export function translateRunTask(
  pod: { readonly owner: Owner; readonly taskDefinitionArn: string; readonly attempt: number },
  installation: Installation,
): RunTaskPlan {
  return {
    cluster: installation.cluster,
    taskDefinition: pod.taskDefinitionArn,
    count: 1,
    launchType: 'FARGATE',
    platformVersion,
    networkConfiguration: networkConfiguration(installation),
    startedBy: pod.owner.uid,
    clientToken: `${pod.owner.uid}-${pod.attempt}`,
    enableECSManagedTags: true,
    tags: ownershipTags(installation, pod.owner),
  };
}
