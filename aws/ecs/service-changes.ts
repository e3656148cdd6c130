import type { Service, UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import type { EcsServicePlan } from '../../translate/plan.ts';
import { contentHash } from '../content-hash.ts';

/** The members of a service that UpdateService changes. Tags and the name are there from the start and stay. */
type Changeable = Pick<
  EcsServicePlan,
  | 'availabilityZoneRebalancing'
  | 'deploymentConfiguration'
  | 'desiredCount'
  | 'enableECSManagedTags'
  | 'networkConfiguration'
  | 'platformVersion'
  | 'propagateTags'
  | 'taskDefinition'
>;

type Normal = { readonly [Member in keyof Changeable]: unknown };

/** Lists whose order means nothing are sorted. */
const network = (configuration: Service['networkConfiguration']): unknown => {
  const vpc = configuration?.awsvpcConfiguration;
  return {
    subnets: (vpc?.subnets ?? []).toSorted(),
    securityGroups: (vpc?.securityGroups ?? []).toSorted(),
    assignPublicIp: vpc?.assignPublicIp ?? 'DISABLED',
  };
};

/** ECS writes its defaults into what it answers: only what a plan says is looked at, with those defaults for what is unsaid. */
const deployment = (configuration: Service['deploymentConfiguration']): unknown => ({
  minimumHealthyPercent: configuration?.minimumHealthyPercent ?? 100,
  maximumPercent: configuration?.maximumPercent ?? 200,
  enable: configuration?.deploymentCircuitBreaker?.enable ?? false,
  rollback: configuration?.deploymentCircuitBreaker?.rollback ?? false,
});

const normal = (service: Service | EcsServicePlan): Normal => ({
  availabilityZoneRebalancing: service.availabilityZoneRebalancing ?? 'DISABLED',
  deploymentConfiguration: deployment(service.deploymentConfiguration),
  desiredCount: service.desiredCount ?? 0,
  enableECSManagedTags: service.enableECSManagedTags ?? false,
  networkConfiguration: network(service.networkConfiguration),
  platformVersion: service.platformVersion ?? 'LATEST',
  propagateTags: service.propagateTags ?? 'NONE',
  taskDefinition: service.taskDefinition,
});

/**
 * What follows the wishes of a workload's author at any time. The rest comes from the installation and from Skiff's own
 * defaults, and makes other tasks: it waits for the next task definition, so that no release of Skiff, and no change of
 * the installation, replaces what runs.
 */
const always: ReadonlySet<keyof Changeable> = new Set([
  'availabilityZoneRebalancing',
  'deploymentConfiguration',
  'desiredCount',
  'taskDefinition',
]);

/** What UpdateService has to be told, undefined when nothing. Only what differs: some members begin a new deployment. */
export function serviceChanges(
  observed: Service,
  plan: EcsServicePlan,
): Partial<UpdateServiceCommandInput> | undefined {
  const before = normal(observed);
  const after = normal(plan);
  const members = Object.keys(after).filter((member): member is keyof Changeable => {
    const key = member as keyof Changeable;
    if (before.taskDefinition === after.taskDefinition && !always.has(key)) return false;
    return contentHash(before[key]) !== contentHash(after[key]);
  });
  return members.length === 0 ? undefined : Object.fromEntries(members.map((member) => [member, plan[member]]));
}
