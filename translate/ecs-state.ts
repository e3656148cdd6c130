import { z } from 'zod';

/**
 * What ECS says of its tasks and services, cut down to what Skiff looks at. `parse…` takes both what the SDK answers
 * (times are Dates) and what events carry (times are ISO 8601 strings); unknown members are dropped.
 */

/** ISO 8601. */
const time = z.union([z.string(), z.date().transform((date) => date.toISOString())]);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);
const moment = time.nullish().transform((value) => value ?? undefined);
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

export type HealthStatus = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface EcsContainer {
  readonly name: string;
  readonly containerArn: string | undefined;
  readonly runtimeId: string | undefined;
  readonly image: string | undefined;
  readonly imageDigest: string | undefined;
  /** `PENDING`, `RUNNING`, `STOPPED`. */
  readonly lastStatus: string | undefined;
  readonly exitCode: number | undefined;
  /** Why it stopped or could not start: `OutOfMemoryError: …`, `CannotPullContainerError: …`. */
  readonly reason: string | undefined;
  /** Absent in events; only DescribeTasks says it. */
  readonly healthStatus: HealthStatus | undefined;
}

export interface EcsTask {
  readonly taskArn: string;
  readonly clusterArn: string | undefined;
  readonly taskDefinitionArn: string | undefined;
  /** `service:<name>`, or `family:<family>`. */
  readonly group: string | undefined;
  /** `ecs-svc/<deployment>` for tasks of services, else what RunTask was given. */
  readonly startedBy: string | undefined;
  /** `PROVISIONING`, `PENDING`, `ACTIVATING`, `RUNNING`, `DEACTIVATING`, `STOPPING`, `DEPROVISIONING`, `STOPPED`. */
  readonly lastStatus: string;
  readonly desiredStatus: string | undefined;
  /** Absent in events. */
  readonly healthStatus: HealthStatus | undefined;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** Grows with every change: the greater one is the later state. */
  readonly version: number;
  readonly availabilityZone: string | undefined;
  /** Private IPv4 address of the task's network interface. */
  readonly ipAddress: string | undefined;
  readonly createdAt: string | undefined;
  readonly pullStartedAt: string | undefined;
  readonly pullStoppedAt: string | undefined;
  readonly startedAt: string | undefined;
  readonly stoppingAt: string | undefined;
  readonly executionStoppedAt: string | undefined;
  readonly stoppedAt: string | undefined;
  readonly containers: readonly EcsContainer[];
  /** Asked for with `include: ['TAGS']`; events carry none. */
  readonly tags: Readonly<Record<string, string>>;
}

const health = z
  .enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN'])
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);

const rawContainer = z.object({
  name: z.string(),
  containerArn: text,
  runtimeId: text,
  image: text,
  imageDigest: text,
  lastStatus: text,
  exitCode: z
    .number()
    .nullish()
    .transform((value) => value ?? undefined),
  reason: text,
  healthStatus: health,
  networkInterfaces: z.array(z.object({ privateIpv4Address: text })).nullish(),
});

const rawTags = z.array(z.object({ key: z.string(), value: text })).nullish();
const rawAttachment = z.object({
  type: text,
  details: z.array(z.object({ name: text, value: text })).nullish(),
});

const rawTask = z.object({
  taskArn: z.string(),
  clusterArn: text,
  taskDefinitionArn: text,
  group: text,
  startedBy: text,
  lastStatus: z.string(),
  desiredStatus: text,
  healthStatus: health,
  stopCode: text,
  stoppedReason: text,
  version: count,
  availabilityZone: text,
  createdAt: moment,
  pullStartedAt: moment,
  pullStoppedAt: moment,
  startedAt: moment,
  stoppingAt: moment,
  executionStoppedAt: moment,
  stoppedAt: moment,
  containers: z.array(rawContainer).nullish(),
  attachments: z.array(rawAttachment).nullish(),
  tags: rawTags,
});

const tagRecord = (tags: z.infer<typeof rawTags>): Readonly<Record<string, string>> =>
  Object.fromEntries((tags ?? []).map((tag) => [tag.key, tag.value ?? '']));

/** A task of DescribeTasks, RunTask or an `ECS Task State Change` event; undefined when it is none. */
export function parseEcsTask(raw: unknown): EcsTask | undefined {
  const parsed = rawTask.safeParse(raw);
  if (!parsed.success) return undefined;
  const { attachments, containers, tags, ...task } = parsed.data;
  const fromAttachment = attachments
    ?.flatMap((attachment) => attachment.details ?? [])
    .find((detail) => detail.name === 'privateIPv4Address')?.value;
  const fromContainer = containers
    ?.flatMap((container) => container.networkInterfaces ?? [])
    .find((networkInterface) => networkInterface.privateIpv4Address !== undefined)?.privateIpv4Address;
  return {
    ...task,
    ipAddress: fromAttachment ?? fromContainer,
    containers: (containers ?? []).map(({ networkInterfaces: _networkInterfaces, ...container }) => container),
    tags: tagRecord(tags),
  };
}

export interface EcsDeployment {
  /** `ecs-svc/1234567890` */
  readonly id: string;
  /** `PRIMARY`: the one wanted; `ACTIVE`: an older one that still has tasks; `INACTIVE`. */
  readonly status: string;
  readonly taskDefinition: string | undefined;
  readonly desiredCount: number;
  readonly pendingCount: number;
  readonly runningCount: number;
  readonly failedTasks: number;
  /** `IN_PROGRESS`, `COMPLETED`, `FAILED`. */
  readonly rolloutState: string | undefined;
  readonly rolloutStateReason: string | undefined;
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
}

export interface EcsService {
  readonly serviceArn: string;
  readonly serviceName: string;
  /** `ACTIVE`, `DRAINING`, `INACTIVE`. */
  readonly status: string;
  readonly taskDefinition: string | undefined;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly deployments: readonly EcsDeployment[];
  /** Newest first; at most 100. */
  readonly events: readonly { readonly id: string; readonly createdAt: string | undefined; readonly message: string }[];
  readonly tags: Readonly<Record<string, string>>;
}

const rawDeployment = z.object({
  id: z.string(),
  status: z.string(),
  taskDefinition: text,
  desiredCount: count,
  pendingCount: count,
  runningCount: count,
  failedTasks: count,
  rolloutState: text,
  rolloutStateReason: text,
  createdAt: moment,
  updatedAt: moment,
});

const rawService = z.object({
  serviceArn: z.string(),
  serviceName: z.string(),
  status: z.string(),
  taskDefinition: text,
  desiredCount: count,
  runningCount: count,
  pendingCount: count,
  deployments: z.array(rawDeployment).nullish(),
  events: z.array(z.object({ id: z.string(), createdAt: moment, message: z.string() })).nullish(),
  tags: rawTags,
});

/** A service of DescribeServices, CreateService or UpdateService; undefined when it is none. */
export function parseEcsService(raw: unknown): EcsService | undefined {
  const parsed = rawService.safeParse(raw);
  if (!parsed.success) return undefined;
  const { deployments, events, tags, ...service } = parsed.data;
  return { ...service, deployments: deployments ?? [], events: events ?? [], tags: tagRecord(tags) };
}

/** `arn:aws:ecs:…:task/<cluster>/<id>` -> `<id>`. */
export const taskId = (task: Pick<EcsTask, 'taskArn'>): string => task.taskArn.split('/').at(-1) ?? task.taskArn;

/** The ECS service that a task belongs to, by its group. */
export const ecsServiceOf = (task: Pick<EcsTask, 'group'>): string | undefined =>
  task.group?.startsWith('service:') === true ? task.group.slice('service:'.length) : undefined;

/** The deployment that a service is to come to; the others are being replaced. */
export const primaryOf = (ecsService: Pick<EcsService, 'deployments'> | undefined): EcsDeployment | undefined =>
  ecsService?.deployments.find(({ status }) => status === 'PRIMARY');
