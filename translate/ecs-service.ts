import type { DeploymentStrategy } from '../kubernetes/kinds/apps/deployment.ts';
import type { Installation } from './installation.ts';
import { ecsServiceName } from './names.ts';
import type { EcsServicePlan, NetworkConfigurationPlan, Owner } from './plan.ts';
import { holdingPercentages, rollingPercentages, type RollingPercentages } from './rolling.ts';
import { ownershipTags } from './tags.ts';

/** The Fargate platform that knows container restarts, tmpfs and the sizes above 4 vCPU. */
export const platformVersion = '1.4.0';

export interface ServiceWorkload {
  readonly owner: Owner;
  readonly replicas: number;
  readonly taskDefinitionArn: string;
  readonly strategy?: DeploymentStrategy;
  /**
   * What ECS does when a rollout fails: `retry` for ever, `stop` starting tasks, or go back to the last completed deployment.
   */
  readonly onFailure?: 'retry' | 'stop' | 'rollback';
  /** Leave the deployment that is under way where it is. */
  readonly hold?: boolean;
}

/** Tasks of a service (ECS developer guide, "Service quotas"). */
const mostTasks = 5000;

/** Why some of the replicas will never be there; undefined when ECS has a task for each. */
export const beyondQuota = (replicas: number): string | undefined =>
  replicas > mostTasks
    ? `ECS runs at most ${mostTasks} tasks of a service: ${replicas} replicas are too many`
    : undefined;

/** The ECS service of a Deployment, ReplicaSet or ReplicationController. */
export function translateEcsService(workload: ServiceWorkload, installation: Installation): EcsServicePlan {
  const { owner, onFailure = 'retry' } = workload;
  const replicas = Math.min(workload.replicas, mostTasks);
  const percentages = percentagesOf({ ...workload, replicas });
  return {
    cluster: installation.cluster,
    serviceName: ecsServiceName(owner.namespace, owner.name, owner.uid),
    taskDefinition: workload.taskDefinitionArn,
    desiredCount: replicas,
    launchType: 'FARGATE',
    platformVersion,
    schedulingStrategy: 'REPLICA',
    networkConfiguration: networkConfiguration(installation),
    deploymentConfiguration: {
      ...percentages,
      deploymentCircuitBreaker: { enable: onFailure !== 'retry', rollback: onFailure === 'rollback' },
    },
    // Rebalancing starts a task in the emptier zone before it stops another: ECS refuses it where 100 % is the most.
    availabilityZoneRebalancing: percentages.maximumPercent <= 100 ? 'DISABLED' : 'ENABLED',
    propagateTags: 'SERVICE',
    enableECSManagedTags: true,
    tags: ownershipTags(installation, owner),
  };
}

/**
 * The ECS service of a ReplicaSet that no Deployment controls, or of a ReplicationController. A new template is for new
 * pods only: Kubernetes leaves those that run alone. So a deployment of the service may neither stop a task below the
 * number wanted nor start one above it: tasks of the new definition come by scaling up. Unlike in Kubernetes, what takes
 * the place of a task that ends is of its own definition: ECS keeps each deployment's tasks. `inPlace`: the pods are to be
 * replaced by such of the present template after all, one at a time.
 */
export function translateOwnService(
  workload: Pick<ServiceWorkload, 'owner' | 'replicas' | 'taskDefinitionArn'> & { readonly inPlace?: boolean },
  installation: Installation,
): EcsServicePlan {
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const { inPlace = false, ...rest } = workload;
  const plan = translateEcsService({ ...rest, strategy, hold: !inPlace }, installation);
  // Rebalancing would replace tasks by such of the new template.
  return { ...plan, availabilityZoneRebalancing: 'DISABLED' };
}

function percentagesOf({ replicas, strategy, hold = false }: ServiceWorkload): RollingPercentages {
  if (hold) return holdingPercentages(replicas);
  return strategy?.type === 'Recreate'
    ? { minimumHealthyPercent: 0, maximumPercent: 100 }
    : rollingPercentages(replicas, strategy?.rollingUpdate);
}

/** Where tasks run: every one has an address of its own in the installation's subnets. */
export const networkConfiguration = (installation: Installation): NetworkConfigurationPlan => ({
  awsvpcConfiguration: {
    subnets: [...installation.subnets],
    securityGroups: [...installation.securityGroups],
    assignPublicIp: 'DISABLED',
  },
});
