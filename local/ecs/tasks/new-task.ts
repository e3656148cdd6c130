import type { ContainerDefinition, NetworkConfiguration, Tag } from '@aws-sdk/client-ecs';
import { invalidParameter } from '../errors.ts';
import { healthCommand } from './health-check.ts';
import { arn } from '../names.ts';
import type { ContainerRecord, TaskDefinitionRecord, TaskOverrides, TaskRecord } from '../state.ts';
import type { World } from '../world.ts';

export interface TaskRequest {
  readonly cluster: string;
  readonly definition: TaskDefinitionRecord;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly service: string | undefined;
  readonly capacityProvider: string | undefined;
  readonly platformVersion: string;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly enableExecuteCommand: boolean;
  readonly overrides: TaskOverrides;
  readonly tags: Tag[];
  /** Zones of the tasks among which this one is to be spread, one entry a task. */
  readonly neighbours: readonly string[];
}

/** Writes a new task, PROVISIONING, into the state. Somebody has to launch it then. */
export function createTask(world: World, request: TaskRequest): TaskRecord {
  const { definition, overrides } = request;
  const id = world.newId().replaceAll('-', '');
  const { subnetId, zone } = place(world, request);
  const now = world.clock.now();
  const task: TaskRecord = {
    arn: arn(world, `task/${request.cluster}/${id}`),
    id,
    cluster: request.cluster,
    taskDefinition: definition.arn,
    group: request.group,
    startedBy: request.startedBy,
    service: request.service,
    capacityProvider: request.capacityProvider,
    platformVersion: request.platformVersion,
    cpu: definition.content.cpu ?? '',
    memory: definition.content.memory ?? '',
    enableExecuteCommand: request.enableExecuteCommand,
    overrides,
    tags: request.tags,
    availabilityZone: zone,
    networkInterface: {
      attachmentId: world.newId(),
      id: `eni-${world.newId().replaceAll('-', '').slice(0, 17)}`,
      macAddress: macAddress(world),
      subnetId,
      status: 'PRECREATED',
    },
    containers: (definition.content.containerDefinitions ?? []).map((container) =>
      newContainer(world, container, `container/${request.cluster}/${id}`),
    ),
    createdAt: now,
    lastStatus: 'PROVISIONING',
    desiredStatus: 'RUNNING',
    version: 0,
    updatedAt: now,
    accounted: false,
    wasHealthy: false,
  };
  world.state.tasks.set(task.arn, task);
  return task;
}

function newContainer(world: World, container: ContainerDefinition, path: string): ContainerRecord {
  return {
    arn: arn(world, `${path}/${world.newId()}`),
    name: container.name ?? '',
    image: container.image ?? '',
    essential: container.essential !== false,
    checked: healthCommand(container.healthCheck) !== undefined,
    cpu: `${container.cpu ?? 0}`,
    memory: container.memory?.toString(),
    memoryReservation: container.memoryReservation?.toString(),
    lastStatus: 'PENDING',
    health: 'UNKNOWN',
  };
}

/** ECS spreads tasks over Availability Zones: the one with the fewest neighbours, among the zones of the given subnets. */
function place(world: World, { networkConfiguration, neighbours }: TaskRequest): { subnetId: string; zone: string } {
  const places = (networkConfiguration?.awsvpcConfiguration?.subnets ?? []).map((subnetId, index) => {
    const known = world.subnets.indexOf(subnetId);
    return { subnetId, zone: world.zones[(known === -1 ? index : known) % world.zones.length] ?? '' };
  });
  const crowd = ({ zone }: { zone: string }): number => neighbours.filter((each) => each === zone).length;
  const best = places.toSorted((a, b) => crowd(a) - crowd(b))[0];
  if (best === undefined) throw invalidParameter('subnets can not be empty.');
  return best;
}

function macAddress(world: World): string {
  const bytes = Array.from({ length: 5 }, () => Math.floor(world.random() * 256));
  return [2, ...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The tags of a task: those given for it win over those it takes over, and ECS's own come on top. */
export function taskTags(sources: {
  readonly own: readonly Tag[];
  readonly propagated: readonly Tag[];
  readonly managed: Readonly<Record<string, string>>;
}): Tag[] {
  const managed = Object.entries(sources.managed).map(([key, value]) => ({ key, value }));
  const byKey = new Map([...sources.propagated, ...sources.own, ...managed].map((tag) => [tag.key, tag]));
  return [...byKey.values()];
}
