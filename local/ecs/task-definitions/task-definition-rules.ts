import type { ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import { containerProblem } from './container-rules.ts';
import { dependencyProblem } from './dependency-rules.ts';
import { cpuUnits, isFargateSize, memoryMiB } from './fargate-sizes.ts';
import { isName } from '../names.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const maximumBytes = 64 * 1024;
const maximumContainers = 10;

/** What ECS refuses in a task definition for Fargate, in ECS's words where they are known, or nothing. */
export function taskDefinitionProblem(request: RegisterTaskDefinitionRequest): string | undefined {
  const containers = request.containerDefinitions ?? [];
  return (
    familyProblem(request) ??
    listProblem(containers) ??
    sizeProblem(request) ??
    taskProblem(request) ??
    first(containers, containerProblem) ??
    sumProblem(request, containers) ??
    portProblem(containers) ??
    volumeProblem(request, containers) ??
    dependencyProblem(containers)
  );
}

const first = <T>(items: readonly T[], rule: (item: T) => string | undefined): string | undefined =>
  items.map(rule).find((problem) => problem !== undefined);

function familyProblem({ family, ...rest }: RegisterTaskDefinitionRequest): string | undefined {
  if (family === undefined || family === '') return 'Family should not be null or empty.';
  if (!isName(family)) return 'Family contains invalid characters.';
  if (new TextEncoder().encode(JSON.stringify(rest)).length > maximumBytes)
    return `Actual length: exceeds the maximum of ${maximumBytes} bytes for a task definition.`;
  return undefined;
}

function listProblem(containers: readonly ContainerDefinition[]): string | undefined {
  if (containers.length === 0) return 'Container list cannot be empty.';
  if (containers.length > maximumContainers) return `Task definition can have at most ${maximumContainers} containers.`;
  if (new Set(containers.map(({ name }) => name)).size < containers.length)
    return 'Container.name must be unique within a task definition.';
  if (containers.every(({ essential }) => essential === false))
    return 'Task definition must have at least one essential container.';
  return undefined;
}

function sizeProblem(request: RegisterTaskDefinitionRequest): string | undefined {
  if (request.networkMode !== 'awsvpc') return 'Fargate only supports network mode ‘awsvpc’.';
  if (request.cpu === undefined) return "Fargate requires that 'cpu' be defined at the task level.";
  if (request.memory === undefined) return "Fargate requires that 'memory' be defined at the task level.";
  if (Number.isNaN(cpuUnits(request.cpu))) return "Invalid 'cpu' setting for task.";
  if (Number.isNaN(memoryMiB(request.memory))) return "Invalid 'memory' setting for task.";
  if (!isFargateSize(cpuUnits(request.cpu), memoryMiB(request.memory)))
    return 'No Fargate configuration exists for given values.';
  return undefined;
}

function taskProblem(request: RegisterTaskDefinitionRequest): string | undefined {
  if (request.ipcMode !== undefined) return "Fargate does not support 'ipcMode'.";
  if (request.pidMode === 'host') return "Fargate only supports pid mode 'task'.";
  if ((request.placementConstraints?.length ?? 0) > 0) return 'Fargate does not support task placement constraints.';
  const storage = request.ephemeralStorage?.sizeInGiB;
  if (storage !== undefined && (storage < 21 || storage > 200))
    return 'Ephemeral storage size must be between 21 and 200 GiB.';
  return undefined;
}

function sumProblem(
  request: RegisterTaskDefinitionRequest,
  containers: readonly ContainerDefinition[],
): string | undefined {
  const sum = (of: (container: ContainerDefinition) => number): number =>
    containers.reduce((total, each) => total + of(each), 0);
  if (sum(({ cpu }) => cpu ?? 0) > cpuUnits(request.cpu ?? ''))
    return 'Invalid setting for containers. The total cpu of all containers is greater than for the task.';
  if (sum(({ memory, memoryReservation }) => memoryReservation ?? memory ?? 0) > memoryMiB(request.memory ?? ''))
    return 'Invalid setting for containers. The total memory of all containers is greater than for the task.';
  return needsExecutionRole(containers) && request.executionRoleArn === undefined
    ? 'Fargate requires task definition to have execution role ARN to support log driver awslogs, secrets and ECR images.'
    : undefined;
}

const needsExecutionRole = (containers: readonly ContainerDefinition[]): boolean =>
  containers.some(
    ({ image, secrets, logConfiguration }) =>
      (secrets?.length ?? 0) > 0 ||
      logConfiguration?.logDriver === 'awslogs' ||
      /\.dkr\.ecr\.[^/]+\.amazonaws\.com/.test(image ?? ''),
  );

/** The containers share one network interface: a port can be taken once, be it TCP or UDP. */
function portProblem(containers: readonly ContainerDefinition[]): string | undefined {
  const ports = containers.flatMap(({ portMappings }) =>
    (portMappings ?? []).map(({ containerPort }) => containerPort),
  );
  const taken = ports.find((port, index) => port !== undefined && ports.indexOf(port) !== index);
  return taken === undefined ? undefined : `The same container port ${taken} is mapped more than once.`;
}

function volumeProblem(
  { volumes = [] }: RegisterTaskDefinitionRequest,
  containers: readonly ContainerDefinition[],
): string | undefined {
  const names = new Set(volumes.map(({ name }) => name));
  if (names.size < volumes.length) return 'Volume names must be unique.';
  for (const volume of volumes) {
    if (!isName(volume.name ?? '')) return 'Volume name contains invalid characters.';
    if (volume.host?.sourcePath !== undefined) return 'host.sourcePath should not be set for volumes in Fargate.';
    if (volume.dockerVolumeConfiguration !== undefined)
      return 'dockerVolumeConfiguration should not be set for volumes in Fargate.';
  }
  const mounts = containers.flatMap(({ mountPoints }) => mountPoints ?? []);
  const unknown = mounts.find(({ sourceVolume }) => !names.has(sourceVolume ?? ''));
  return unknown === undefined ? undefined : `Unknown volume '${unknown.sourceVolume}'.`;
}
