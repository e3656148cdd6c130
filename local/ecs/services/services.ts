import type { OperationInput, OperationOutput } from '../../../aws/operations.ts';
import { NotEmulatedError } from '../../not-emulated-error.ts';
import { beginDeployment } from './deployments.ts';
import { describeService } from './describe-service.ts';
import { clientError, invalidParameter, serviceNotActive, serviceNotFound } from '../errors.ts';
import { checkedCapacity, checkedNetwork, checkToken, platformVersion } from '../launch-input.ts';
import { arn, clusterOf, isName, lastPart, taskDefinitionToRun } from '../names.ts';
import { changedSettings, checkedDesiredCount, refuseServiceParts, standardSettings } from './service-input.ts';
import type { Revision, ServiceRecord } from '../state.ts';
import { checkedTags } from '../tag-rules.ts';
import type { View, World } from '../world.ts';

type Operation = 'CreateService' | 'UpdateService' | 'DeleteService';
type Output<Op extends Operation> = Omit<OperationOutput<'ecs', Op>, '$metadata'>;
type CreateInput = OperationInput<'ecs', 'CreateService'>;
type UpdateInput = OperationInput<'ecs', 'UpdateService'>;

/** A name is taken while a service of that name is ACTIVE or DRAINING. */
export function createService(world: World, input: CreateInput): Output<'CreateService'> {
  const cluster = clusterOf(world.state, input.cluster);
  const name = input.serviceName ?? '';
  if (!isName(name)) throw invalidParameter('Service name contains invalid characters.');
  checkToken(input.clientToken, 36);
  const serviceArn = arn(world, `service/${cluster.name}/${name}`);
  const fingerprint = JSON.stringify(input);
  const known = world.state.services.get(serviceArn);
  if (known?.status === 'DRAINING') throw invalidParameter('Unable to Start a service that is still Draining.');
  if (known?.status === 'ACTIVE') {
    if (input.clientToken === undefined || known.fingerprint !== fingerprint)
      throw invalidParameter('Creation of service was not idempotent.');
    return { service: { ...describeService(world, known), tags: known.tags } };
  }
  const { service, revision } = newService(world, input, { arn: serviceArn, cluster: cluster.name, fingerprint });
  world.state.services.set(serviceArn, service);
  beginDeployment(world, service, revision);
  world.schedule(serviceArn);
  return { service: { ...describeService(world, service), tags: service.tags } };
}

/** Checks everything before anything is made. */
function newService(
  world: World,
  input: CreateInput,
  identity: Pick<ServiceRecord, 'arn' | 'cluster' | 'fingerprint'>,
): { service: ServiceRecord; revision: Revision } {
  refuseServiceParts(input);
  if ((input.deploymentController?.type ?? 'ECS') !== 'ECS')
    throw new NotEmulatedError(`the deployment controller ${input.deploymentController?.type}`);
  if (input.schedulingStrategy === 'DAEMON')
    throw invalidParameter('The daemon scheduling strategy is not supported on Fargate.');
  const definition = taskDefinitionToRun(world.state, input.taskDefinition ?? '', clientError);
  const capacityProvider = checkedCapacity(input);
  const revision: Revision = {
    taskDefinition: definition.arn,
    networkConfiguration: checkedNetwork(input.networkConfiguration),
    platformVersion: platformVersion(input.platformVersion),
    digests: {},
  };
  const service: ServiceRecord = {
    ...identity,
    name: input.serviceName ?? '',
    createdAt: world.clock.now(),
    status: 'ACTIVE',
    desiredCount: checkedDesiredCount(input.desiredCount),
    settings: { ...changedSettings(startingSettings(input), input), capacityProvider },
    deployments: [],
    serviceDeployments: [],
    lastCompleted: undefined,
    steady: false,
    tasks: new Set(),
    events: [],
    tags: checkedTags(input.tags),
  };
  return { service, revision };
}

/** Rebalancing is on for a new service unless its maximum rules that out. */
const startingSettings = ({ deploymentConfiguration }: CreateInput): typeof standardSettings =>
  (deploymentConfiguration?.maximumPercent ?? 200) > 100
    ? standardSettings
    : { ...standardSettings, availabilityZoneRebalancing: 'DISABLED' };

/** Changes a service; only what makes its tasks different begins another deployment. */
export function updateService(world: World, input: UpdateInput): Output<'UpdateService'> {
  const service = findService(world, input);
  if (service.status !== 'ACTIVE') throw serviceNotActive();
  refuseServiceParts(input);
  const settings = changedSettings(service.settings, input);
  if ((input.capacityProviderStrategy?.length ?? 0) > 0) settings.capacityProvider = checkedCapacity(input);
  const desiredCount =
    input.desiredCount === undefined ? service.desiredCount : checkedDesiredCount(input.desiredCount);
  const revision = nextRevision(world, service, input);
  service.settings = settings;
  service.desiredCount = desiredCount;
  if (revision !== undefined) beginDeployment(world, service, revision);
  world.changed('services', service);
  world.schedule(service.arn);
  return { service: { ...describeService(world, service), tags: service.tags } };
}

/** What the input would deploy; nothing when that is what the service has already. */
function nextRevision(world: World, service: ServiceRecord, input: UpdateInput): Revision | undefined {
  const current = service.deployments[0]?.revision;
  const next = {
    taskDefinition:
      input.taskDefinition === undefined
        ? (current?.taskDefinition ?? '')
        : taskDefinitionToRun(world.state, input.taskDefinition, clientError).arn,
    networkConfiguration:
      input.networkConfiguration === undefined
        ? current?.networkConfiguration
        : checkedNetwork(input.networkConfiguration),
    platformVersion:
      input.platformVersion === undefined ? (current?.platformVersion ?? '') : platformVersion(input.platformVersion),
    digests: {},
  };
  const same = JSON.stringify(next) === JSON.stringify({ ...current, digests: {} });
  return same && input.forceNewDeployment !== true ? undefined : next;
}

/** A service that still has tasks is DRAINING until they are gone, and its name with it. */
export function deleteService(world: World, input: OperationInput<'ecs', 'DeleteService'>): Output<'DeleteService'> {
  const service = findService(world, input);
  if (service.status === 'INACTIVE') throw serviceNotActive();
  if (input.force !== true && service.desiredCount > 0)
    throw invalidParameter('The service cannot be stopped while it is scaled above 0.');
  service.status = 'DRAINING';
  service.desiredCount = 0;
  world.changed('services', service);
  world.schedule(service.arn);
  return { service: { ...describeService(world, service), tags: service.tags } };
}

function findService(
  view: View,
  input: { readonly cluster?: string | undefined; readonly service: string | undefined },
): ServiceRecord {
  const cluster = clusterOf(view.state, input.cluster);
  const found = view.state.services.get(arn(view, `service/${cluster.name}/${lastPart(input.service ?? '')}`));
  if (found === undefined) throw serviceNotFound();
  return found;
}
