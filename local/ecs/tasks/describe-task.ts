import type { Attachment, Container, Task } from '@aws-sdk/client-ecs';
import { arn } from '../names.ts';
import type { ContainerRecord, Health, TaskRecord } from '../state.ts';
import type { View } from '../world.ts';

type Account = Pick<View, 'region' | 'accountId'>;

/** A task as DescribeTasks and RunTask answer it, without its tags. */
export function describeTask(account: Account, task: TaskRecord): Task {
  return {
    ...identity(account, task),
    ...times(task),
    attachments: [describeAttachment(account, task)],
    containers: task.containers.map((container) => describeContainer(task, container)),
    healthStatus: taskHealth(task.containers),
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    version: task.version,
    overrides: {
      containerOverrides: task.overrides.containerOverrides,
      inferenceAcceleratorOverrides: [],
      ...(task.overrides.taskRoleArn === undefined ? {} : { taskRoleArn: task.overrides.taskRoleArn }),
      ...(task.overrides.executionRoleArn === undefined ? {} : { executionRoleArn: task.overrides.executionRoleArn }),
    },
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
  };
}

const identity = (account: Account, task: TaskRecord): Task => ({
  taskArn: task.arn,
  clusterArn: arn(account, `cluster/${task.cluster}`),
  taskDefinitionArn: task.taskDefinition,
  group: task.group,
  ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
  ...(task.capacityProvider === undefined ? {} : { capacityProviderName: task.capacityProvider }),
  launchType: 'FARGATE',
  platformVersion: task.platformVersion,
  platformFamily: 'Linux',
  cpu: task.cpu,
  memory: task.memory,
  ephemeralStorage: { sizeInGiB: 20 },
  availabilityZone: task.availabilityZone,
  enableExecuteCommand: task.enableExecuteCommand,
  inferenceAccelerators: [],
  attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
});

function times(task: TaskRecord): Task {
  const known = {
    createdAt: task.createdAt,
    connectivityAt: task.connectivityAt,
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    executionStoppedAt: task.executionStoppedAt,
    stoppedAt: task.stoppedAt,
  };
  const dates = Object.entries(known).flatMap(([name, time]) => (time === undefined ? [] : [[name, new Date(time)]]));
  return { ...Object.fromEntries(dates), ...(task.connectivityAt === undefined ? {} : { connectivity: 'CONNECTED' }) };
}

function describeAttachment(account: Account, { networkInterface: eni }: TaskRecord): Attachment {
  const details = [{ name: 'subnetId', value: eni.subnetId }];
  if (eni.address !== undefined)
    details.push(
      { name: 'networkInterfaceId', value: eni.id },
      { name: 'macAddress', value: eni.macAddress },
      { name: 'privateDnsName', value: privateDnsName(account.region, eni.address) },
      { name: 'privateIPv4Address', value: eni.address },
    );
  return { id: eni.attachmentId, type: 'ElasticNetworkInterface', status: eni.status, details };
}

const privateDnsName = (region: string, address: string): string =>
  `ip-${address.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`}`;

function describeContainer(task: TaskRecord, container: ContainerRecord): Container {
  const address = task.networkInterface.address;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    lastStatus: container.lastStatus,
    healthStatus: container.health,
    cpu: container.cpu,
    ...(container.memory === undefined ? {} : { memory: container.memory }),
    ...(container.memoryReservation === undefined ? {} : { memoryReservation: container.memoryReservation }),
    ...(container.imageDigest === undefined ? {} : { imageDigest: container.imageDigest }),
    ...(container.runtimeId === undefined ? {} : { runtimeId: container.runtimeId }),
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
    networkBindings: [],
    networkInterfaces:
      address === undefined ? [] : [{ attachmentId: task.networkInterface.attachmentId, privateIpv4Address: address }],
  };
}

/** The worst of the essential containers that have a health check; without any, UNKNOWN. */
export function taskHealth(containers: readonly ContainerRecord[]): Health {
  const known = containers.filter(({ essential, checked }) => essential && checked).map(({ health }) => health);
  if (known.includes('UNHEALTHY')) return 'UNHEALTHY';
  return known.length === 0 || known.includes('UNKNOWN') ? 'UNKNOWN' : 'HEALTHY';
}
