import type { Deployment, Service } from '@aws-sdk/client-ecs';
import type { OperationInput, OperationOutput } from '../../../aws/operations.ts';
import { invalidParameter } from '../errors.ts';
import { arn, clusterOf, lastPart } from '../names.ts';
import { page } from '../pages.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import { tasksOf, type View } from '../world.ts';

type Output<Op extends 'DescribeServices' | 'ListServices'> = Omit<OperationOutput<'ecs', Op>, '$metadata'>;

/** INACTIVE services can be described as long as no other has taken their place. */
export function describeServices(
  view: View,
  input: OperationInput<'ecs', 'DescribeServices'>,
): Output<'DescribeServices'> {
  const cluster = clusterOf(view.state, input.cluster);
  const asked = input.services ?? [];
  if (asked.length === 0) throw invalidParameter('Services cannot be empty.');
  if (asked.length > 10) throw invalidParameter('Services can not exceed 10.');
  const answers = asked.map((each) => {
    const wanted = arn(view, `service/${cluster.name}/${lastPart(each)}`);
    return { wanted, found: view.state.services.get(wanted) };
  });
  const withTags = input.include?.includes('TAGS') === true;
  return {
    services: answers.flatMap(({ found }) =>
      found === undefined ? [] : [{ ...describeService(view, found), ...(withTags ? { tags: found.tags } : {}) }],
    ),
    failures: answers
      .filter(({ found }) => found === undefined)
      .map(({ wanted }) => ({ arn: wanted, reason: 'MISSING' })),
  };
}

/** Only ACTIVE services are listed. */
export function listServices(view: View, input: OperationInput<'ecs', 'ListServices'>): Output<'ListServices'> {
  const cluster = clusterOf(view.state, input.cluster);
  const { launchType, schedulingStrategy } = input;
  const found = [...view.state.services.values()]
    .filter(
      (service) =>
        service.cluster === cluster.name &&
        service.status === 'ACTIVE' &&
        (launchType === undefined || (launchType === 'FARGATE' && service.settings.capacityProvider === undefined)) &&
        schedulingStrategy !== 'DAEMON',
    )
    .map((service) => service.arn);
  const { items, ...rest } = page(found, input, { standard: 10, maximum: 100 });
  return { serviceArns: items, ...rest };
}

/** A service as the operations answer it, without its tags. */
export function describeService(view: View, service: ServiceRecord): Service {
  const tasks = tasksOf(view.state, service);
  const { settings } = service;
  const revision = service.deployments[0]?.revision;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: arn(view, `cluster/${service.cluster}`),
    status: service.status,
    desiredCount: service.desiredCount,
    ...counts(tasks),
    ...capacity(service),
    platformFamily: 'Linux',
    ...(revision === undefined ? {} : { taskDefinition: revision.taskDefinition, ...network(revision) }),
    deploymentConfiguration: settings.deploymentConfiguration,
    deployments: service.deployments.map((deployment, index) =>
      describeDeployment(service, { deployment, tasks, primary: index === 0 }),
    ),
    events: service.events.map(({ id, createdAt, message }) => ({ id, createdAt: new Date(createdAt), message })),
    createdAt: new Date(service.createdAt),
    loadBalancers: [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    enableECSManagedTags: settings.enableECSManagedTags,
    propagateTags: settings.propagateTags,
    enableExecuteCommand: settings.enableExecuteCommand,
    availabilityZoneRebalancing: settings.availabilityZoneRebalancing,
    ...(settings.healthCheckGracePeriodSeconds === undefined
      ? {}
      : { healthCheckGracePeriodSeconds: settings.healthCheckGracePeriodSeconds }),
  };
}

function counts(tasks: readonly TaskRecord[]): { runningCount: number; pendingCount: number } {
  const count = (...statuses: string[]): number =>
    tasks.filter(({ lastStatus }) => statuses.includes(lastStatus)).length;
  return { runningCount: count('RUNNING'), pendingCount: count('PROVISIONING', 'PENDING', 'ACTIVATING') };
}

/** The launch type is left out where a capacity provider is used. */
const capacity = ({
  settings: { capacityProvider },
}: ServiceRecord): Pick<Service, 'launchType' | 'capacityProviderStrategy'> =>
  capacityProvider === undefined
    ? { launchType: 'FARGATE' }
    : { capacityProviderStrategy: [{ capacityProvider, weight: 1, base: 0 }] };

const network = (
  revision: DeploymentRecord['revision'],
): Pick<Deployment, 'networkConfiguration' | 'platformVersion'> => ({
  platformVersion: revision.platformVersion,
  ...(revision.networkConfiguration === undefined ? {} : { networkConfiguration: revision.networkConfiguration }),
});

function describeDeployment(
  service: ServiceRecord,
  { deployment, tasks, primary }: { deployment: DeploymentRecord; tasks: readonly TaskRecord[]; primary: boolean },
): Deployment {
  return {
    id: deployment.id,
    status: primary ? 'PRIMARY' : 'ACTIVE',
    taskDefinition: deployment.revision.taskDefinition,
    desiredCount: primary ? service.desiredCount : deployment.target,
    ...counts(tasks.filter((task) => task.startedBy === deployment.id)),
    failedTasks: deployment.failedTasks,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    ...capacity(service),
    platformFamily: 'Linux',
    ...network(deployment.revision),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}
