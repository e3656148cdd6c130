/**
 * What is to be in AWS, as plain values: narrow enough to be given to the SDK's inputs and to CDK's L1 properties without
 * a cast (test/translate/assignable.test.ts). Arrays are mutable in type because the SDK's are; nobody changes them.
 */

/** Bytes of a task definition (ECS developer guide, "Service quotas"). */
export const mostTaskDefinitionBytes = 64 * 1024;

export interface TaskDefinitionPlan {
  readonly family: string;
  readonly networkMode: 'awsvpc';
  readonly requiresCompatibilities: 'FARGATE'[];
  readonly runtimePlatform: {
    readonly operatingSystemFamily: 'LINUX';
    readonly cpuArchitecture: 'X86_64' | 'ARM64';
  };
  /** CPU units as ECS writes them, `256`. */
  readonly cpu: string;
  /** MiB, `512`. */
  readonly memory: string;
  readonly executionRoleArn: string;
  readonly taskRoleArn?: string;
  readonly ephemeralStorage?: { readonly sizeInGiB: number };
  /** One process namespace for all containers. */
  readonly pidMode?: 'task';
  readonly containerDefinitions: ContainerPlan[];
  readonly volumes: VolumePlan[];
  readonly tags: TagPlan[];
}

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  /** CPU units, shares within the task's. */
  readonly cpu?: number;
  /** MiB above which the container is killed. */
  readonly memory?: number;
  /** MiB kept for it. */
  readonly memoryReservation?: number;
  readonly entryPoint?: string[];
  readonly command?: string[];
  readonly workingDirectory?: string;
  readonly environment?: EnvironmentPlan[];
  /** Variables whose values ECS takes from Secrets Manager when the task starts. */
  readonly secrets?: SecretReferencePlan[];
  /** ARN of a secret with `username` and `password` for the image's registry. */
  readonly repositoryCredentials?: { readonly credentialsParameter: string };
  readonly portMappings?: PortMappingPlan[];
  readonly mountPoints?: MountPointPlan[];
  readonly dependsOn?: DependencyPlan[];
  readonly healthCheck?: HealthCheckPlan;
  readonly restartPolicy?: {
    readonly enabled: boolean;
    /** Seconds that a container must have run to be started again. */
    readonly restartAttemptPeriod: number;
  };
  readonly linuxParameters?: LinuxParametersPlan;
  readonly user?: string;
  readonly readonlyRootFilesystem?: boolean;
  readonly interactive?: boolean;
  readonly pseudoTerminal?: boolean;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly stopTimeout?: number;
  readonly systemControls?: { readonly namespace: string; readonly value: string }[];
  readonly dockerLabels?: Record<string, string>;
  readonly logConfiguration?: {
    readonly logDriver: 'awslogs';
    readonly options: Record<string, string>;
  };
}

export interface EnvironmentPlan {
  readonly name: string;
  readonly value: string;
}

export interface SecretReferencePlan {
  readonly name: string;
  /** ARN of the secret and the key in its JSON. */
  readonly valueFrom: string;
}

export interface PortMappingPlan {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface MountPointPlan {
  readonly sourceVolume: string;
  readonly containerPath: string;
  readonly readOnly: boolean;
}

export interface DependencyPlan {
  readonly containerName: string;
  readonly condition: 'START' | 'COMPLETE' | 'SUCCESS' | 'HEALTHY';
}

/** Times in seconds. */
export interface HealthCheckPlan {
  readonly command: string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod?: number;
}

export interface LinuxParametersPlan {
  readonly capabilities?: { readonly add?: string[]; readonly drop?: string[] };
  /** Sizes in MiB. */
  readonly tmpfs?: { readonly containerPath: string; readonly size: number; readonly mountOptions?: string[] }[];
}

/** An empty directory of the task, shared by the containers that mount it. */
export interface VolumePlan {
  readonly name: string;
}

export interface TagPlan {
  readonly key: string;
  readonly value: string;
}

export interface NetworkConfigurationPlan {
  readonly awsvpcConfiguration: {
    readonly subnets: string[];
    readonly securityGroups: string[];
    readonly assignPublicIp: 'ENABLED' | 'DISABLED';
  };
}

export interface EcsServicePlan {
  readonly cluster: string;
  readonly serviceName: string;
  /** ARN with revision. */
  readonly taskDefinition: string;
  readonly desiredCount: number;
  readonly launchType: 'FARGATE';
  readonly platformVersion: string;
  readonly schedulingStrategy: 'REPLICA';
  readonly networkConfiguration: NetworkConfigurationPlan;
  readonly deploymentConfiguration: DeploymentConfigurationPlan;
  readonly availabilityZoneRebalancing: 'ENABLED' | 'DISABLED';
  readonly propagateTags: 'SERVICE';
  readonly enableECSManagedTags: boolean;
  readonly tags: TagPlan[];
}

export interface DeploymentConfigurationPlan {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly deploymentCircuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
}

export interface RunTaskPlan {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly count: 1;
  readonly launchType: 'FARGATE';
  readonly platformVersion: string;
  readonly networkConfiguration: NetworkConfigurationPlan;
  /** Uid of the pod: finds its tasks again. */
  readonly startedBy: string;
  /** The same for the same attempt, so that a repeated call starts nothing twice. */
  readonly clientToken: string;
  readonly enableECSManagedTags: boolean;
  readonly tags: TagPlan[];
}

/** Something to tell the author of a manifest. */
export interface Finding {
  /** From the pod template's root: `spec.containers[0].image`. */
  readonly path: string;
  readonly message: string;
  /** The object whose coming lifts the refusal. */
  readonly waitsFor?: { readonly kind: 'ConfigMap' | 'Secret'; readonly name: string };
}

/** `plan` is undefined exactly when something is refused. */
export interface Translation<T> {
  readonly plan: T | undefined;
  readonly warnings: readonly Finding[];
  readonly refused: readonly Finding[];
}

/** The object on whose behalf something is in AWS. */
export interface Owner {
  /** `Deployment` */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}
