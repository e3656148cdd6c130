import type {
  ContainerOverride,
  DeploymentConfiguration,
  NetworkConfiguration,
  RegisterTaskDefinitionRequest,
  ServiceDeploymentStatus,
  Tag,
} from '@aws-sdk/client-ecs';

/**
 * Everything that ECS remembers: plain data, so that it can be copied, saved and looked at as it was. Times are
 * milliseconds since the epoch. What runs (timers, containers) is elsewhere and dies with the process.
 */
export interface EcsState {
  /** By name. */
  readonly clusters: Map<string, ClusterRecord>;
  /** All revisions of each family, oldest first: revision n at index n - 1. */
  readonly taskDefinitions: Map<string, TaskDefinitionRecord[]>;
  /** By ARN. A service that replaces an INACTIVE one of the same name takes its place. */
  readonly services: Map<string, ServiceRecord>;
  /** By ARN. */
  readonly tasks: Map<string, TaskRecord>;
  /** RunTask's client tokens, by their key. */
  readonly tokens: Map<string, TokenRecord>;
}

/** What the state is made of, by kind. */
export interface Records {
  clusters: ClusterRecord;
  taskDefinitions: TaskDefinitionRecord;
  services: ServiceRecord;
  tasks: TaskRecord;
  tokens: TokenRecord;
}

export const emptyState = (): EcsState => ({
  clusters: new Map(),
  taskDefinitions: new Map(),
  services: new Map(),
  tasks: new Map(),
  tokens: new Map(),
});

export interface ClusterRecord {
  readonly arn: string;
  readonly name: string;
  tags: Tag[];
}

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly revision: number;
  /** As registered, defaults filled in, without its tags. */
  readonly content: Omit<RegisterTaskDefinitionRequest, 'tags'> & { readonly family: string };
  readonly tags: Tag[];
  readonly registeredAt: number;
  deregisteredAt?: number;
}

/** What a deployment of a service is made of: a change of any of these makes another deployment. */
export interface Revision {
  readonly taskDefinition: string;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly platformVersion: string;
  /** By container: what its image's tag stood for when the deployment's first task pulled it. */
  readonly digests: Record<string, string>;
}

export interface DeploymentRecord {
  /** `ecs-svc/1234567890123456789`. */
  readonly id: string;
  readonly revision: Revision;
  readonly createdAt: number;
  updatedAt: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  /** This deployment takes the service back after another has failed. */
  rollback: boolean;
  /** How many tasks a deployment that is being replaced is still to have. */
  target: number;
  /** Tasks that failed one after the other. */
  failedTasks: number;
  /** What the circuit breaker has counted. */
  breakerCount: number;
  /** Launches in a row that did not reach RUNNING: they slow the next ones down. */
  failedLaunches: number;
  failedLaunchAt: number;
  /** No task is started before this. */
  nextLaunchAt: number;
  /** It was said that this deployment cannot go on. */
  stuck: boolean;
}

export interface ServiceDeploymentRecord {
  readonly arn: string;
  /** The id of the deployment that it rolls out. */
  readonly deployment: string;
  readonly createdAt: number;
  updatedAt: number;
  finishedAt?: number;
  /** ARNs of service revisions. */
  readonly target: string;
  readonly sources: readonly string[];
  status: ServiceDeploymentStatus;
  statusReason?: string;
  rollback?: { readonly reason: string; readonly startedAt: number; readonly serviceRevisionArn: string };
}

export interface ServiceRecord {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  /** The input that made the service, its client token included: tells a repeated call from another. */
  readonly fingerprint: string;
  readonly createdAt: number;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  settings: ServiceSettings;
  /** Newest first: the first is PRIMARY. */
  deployments: DeploymentRecord[];
  /** Newest first: how each deployment that was begun has ended. */
  serviceDeployments: ServiceDeploymentRecord[];
  /** Where a rollback goes. */
  lastCompleted: { readonly id: string; readonly revision: Revision } | undefined;
  steady: boolean;
  /** ARNs of its tasks that have not ended. */
  readonly tasks: Set<string>;
  /** Newest first, at most 100. */
  events: ServiceEventRecord[];
  tags: Tag[];
}

/** What of a service can change without another deployment. */
export interface ServiceSettings {
  deploymentConfiguration: DeploymentConfiguration;
  capacityProvider: string | undefined;
  availabilityZoneRebalancing: 'ENABLED' | 'DISABLED';
  healthCheckGracePeriodSeconds: number | undefined;
  enableExecuteCommand: boolean;
  enableECSManagedTags: boolean;
  propagateTags: 'TASK_DEFINITION' | 'SERVICE' | 'NONE';
}

export interface ServiceEventRecord {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'UserInitiated'
  | 'ServiceSchedulerInitiated'
  | 'TerminationNotice';

export type Health = 'HEALTHY' | 'UNHEALTHY' | 'UNKNOWN';

export interface TaskRecord {
  readonly arn: string;
  readonly id: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly group: string;
  readonly startedBy: string | undefined;
  /** ARN of the service whose task this is. */
  readonly service: string | undefined;
  readonly capacityProvider: string | undefined;
  readonly platformVersion: string;
  readonly cpu: string;
  readonly memory: string;
  readonly enableExecuteCommand: boolean;
  readonly overrides: TaskOverrides;
  readonly tags: Tag[];
  readonly availabilityZone: string;
  readonly networkInterface: NetworkInterfaceRecord;
  readonly containers: ContainerRecord[];
  readonly createdAt: number;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  version: number;
  updatedAt: number;
  connectivityAt?: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
  /** Not stopped by scaling in or by a deployment before then. */
  protectedUntil?: number;
  /** The scheduler has taken note of its end. */
  accounted: boolean;
  /** The scheduler has taken note that it became healthy. */
  wasHealthy: boolean;
}

export interface TaskOverrides {
  readonly containerOverrides: ContainerOverride[];
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
}

export interface NetworkInterfaceRecord {
  readonly attachmentId: string;
  readonly id: string;
  readonly macAddress: string;
  readonly subnetId: string;
  status: 'PRECREATED' | 'ATTACHED' | 'DELETED';
  address?: string;
}

export interface ContainerRecord {
  readonly arn: string;
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  /** It has a health check. */
  readonly checked: boolean;
  readonly cpu: string;
  readonly memory: string | undefined;
  readonly memoryReservation: string | undefined;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  health: Health;
  imageDigest?: string;
  runtimeId?: string;
  exitCode?: number;
  reason?: string;
}

export interface TokenRecord {
  /** `cluster/token`. */
  readonly key: string;
  readonly createdAt: number;
  readonly fingerprint: string;
  readonly tasks: readonly string[];
}
