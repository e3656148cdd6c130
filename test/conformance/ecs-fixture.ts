import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
  paginateListTasks,
  type ContainerDefinition,
  type CreateServiceCommandInput,
  type Deployment,
  type ECSClient,
  type NetworkConfiguration,
  type RunTaskCommandInput,
  type Service,
  type Task,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';

/** An ECS for one test, emulated or real, with a cluster to work in and time in the test's hand. */
export interface EcsUnderTest {
  readonly client: ECSClient;
  readonly cluster: string;
  /** Another cluster. */
  readonly otherCluster: string;
  readonly network: NetworkConfiguration;
  /** The zones of the network's subnets. */
  readonly zones: readonly string[];
  /** Reads may show what was so many seconds ago: after a write the driver lets them pass before it reads. 0: never. */
  readonly lateSeconds: number;
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>;
  /** Lets the tag of the image that the containers below use stand for another image. */
  retag(): Promise<void>;
  /** What went wrong inside ECS, as far as it can be looked into. */
  faults(): readonly unknown[];
}

const image = 'public.ecr.aws/docker/library/busybox:1.36';
const shell = (script: string): Pick<ContainerDefinition, 'image' | 'command'> => ({
  image,
  command: ['sh', '-c', script],
});

/**
 * Containers that do something in real life and, by their label, in the simulation too. All need the same small image.
 */
export const containers = {
  runs: shell('trap "exit 0" TERM; while :; do sleep 1; done'),
  crashes: { ...shell('sleep 1; exit 1'), dockerLabels: { 'skiff.dev/simulate': 'crash' } },
  ends: { ...shell('sleep 1'), dockerLabels: { 'skiff.dev/simulate': 'exit' } },
  ignoresTerm: {
    ...shell('trap "" TERM; while :; do sleep 1; done'),
    dockerLabels: { 'skiff.dev/simulate': 'slow-stop' },
  },
  cannotBePulled: { image: 'registry.invalid/none:1' },
  healthy: {
    ...shell('while :; do sleep 1; done'),
    healthCheck: { command: ['CMD-SHELL', 'exit 0'], interval: 5, retries: 1 },
  },
  unhealthy: {
    ...shell('while :; do sleep 1; done'),
    healthCheck: { command: ['CMD-SHELL', 'exit 1'], interval: 5, retries: 1 },
    dockerLabels: { 'skiff.dev/simulate': 'never-ready' },
  },
} satisfies Record<string, Partial<ContainerDefinition>>;

/** The words in which the tests speak to ECS. */
export class Ecs {
  readonly under: EcsUnderTest;

  constructor(under: EcsUnderTest) {
    this.under = under;
  }

  get client(): ECSClient {
    return this.under.client;
  }

  get cluster(): string {
    return this.under.cluster;
  }

  /** Registers a task definition, `app` its container unless several are given by name; answers its ARN. */
  async register(
    container: Partial<ContainerDefinition> | Record<string, Partial<ContainerDefinition>>,
    family = 'web',
  ): Promise<string> {
    const named =
      'image' in container ? { app: container } : (container as Record<string, Partial<ContainerDefinition>>);
    const { taskDefinition } = await this.client.send(
      new RegisterTaskDefinitionCommand(taskDefinitionOf(family, named)),
    );
    return taskDefinition?.taskDefinitionArn ?? '';
  }

  async deregister(taskDefinition: string): Promise<void> {
    await this.client.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
  }

  async create(input: Partial<CreateServiceCommandInput>): Promise<Service> {
    const { service } = await this.client.send(
      new CreateServiceCommand({
        cluster: this.cluster,
        serviceName: 'web',
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: this.under.network,
        ...input,
      }),
    );
    return service ?? {};
  }

  async update(input: Partial<UpdateServiceCommandInput>): Promise<Service> {
    const { service } = await this.client.send(
      new UpdateServiceCommand({ cluster: this.cluster, service: 'web', ...input }),
    );
    return service ?? {};
  }

  async run(input: Partial<RunTaskCommandInput>): Promise<Task[]> {
    const { tasks } = await this.client.send(
      new RunTaskCommand({
        cluster: this.cluster,
        taskDefinition: 'web',
        launchType: 'FARGATE',
        networkConfiguration: this.under.network,
        ...input,
      }),
    );
    return tasks ?? [];
  }

  async stop(task: Task | undefined, reason?: string): Promise<Task> {
    const stopped = await this.client.send(
      new StopTaskCommand({ cluster: this.cluster, task: task?.taskArn, ...(reason === undefined ? {} : { reason }) }),
    );
    return stopped.task ?? {};
  }

  async remove(force = false): Promise<Service> {
    const { service } = await this.client.send(
      new DeleteServiceCommand({ cluster: this.cluster, service: 'web', force }),
    );
    return service ?? {};
  }

  async service(name = 'web'): Promise<Service> {
    const { services } = await this.client.send(
      new DescribeServicesCommand({ cluster: this.cluster, services: [name] }),
    );
    return services?.[0] ?? {};
  }

  async primary(): Promise<Deployment> {
    return (await this.service()).deployments?.[0] ?? {};
  }

  /** Newest first. */
  async messages(): Promise<string[]> {
    return ((await this.service()).events ?? []).map(({ message }) => message ?? '');
  }

  /** Tasks of the service, by desired status. */
  async tasks(desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING'): Promise<Task[]> {
    const arns: string[] = [];
    const pages = paginateListTasks(
      { client: this.client },
      { cluster: this.cluster, serviceName: 'web', desiredStatus },
    );
    for await (const { taskArns } of pages) arns.push(...(taskArns ?? []));
    return this.describe(arns);
  }

  async describe(tasks: readonly string[]): Promise<Task[]> {
    if (tasks.length === 0) return [];
    const found = await this.client.send(
      new DescribeTasksCommand({ cluster: this.cluster, tasks: [...tasks], include: ['TAGS'] }),
    );
    return found.tasks ?? [];
  }

  async task(task: Task | undefined): Promise<Task> {
    return (await this.describe([task?.taskArn ?? '']))[0] ?? {};
  }

  async pass(seconds: number): Promise<void> {
    await this.under.pass(seconds);
  }

  /** Waits second by second, `watch`ing, until something is so. Throws when that takes more than ten minutes. */
  async until(is: () => Promise<boolean>, watch: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    for (let second = 0; second < 600; second += 1) {
      await watch();
      if (await is()) return;
      await this.pass(1);
    }
    throw new Error(`not so within ten minutes: ${is.toString()}`);
  }

  /** Waits until the service's newest deployment has got so far and nothing else of the service is left. */
  async untilCompleted(watch?: () => Promise<void>): Promise<void> {
    await this.until(async () => {
      const { deployments = [] } = await this.service();
      return deployments.length === 1 && deployments[0]?.rolloutState === 'COMPLETED';
    }, watch);
  }

  async untilStatus(task: Task | undefined, status: string): Promise<Task> {
    await this.until(async () => (await this.task(task)).lastStatus === status);
    return this.task(task);
  }

  /** A completed service `web` with that container. */
  async started(
    input: Partial<CreateServiceCommandInput> = {},
    container: Partial<ContainerDefinition> = containers.runs,
  ): Promise<string> {
    const taskDefinition = await this.register(container);
    await this.create({ taskDefinition, ...input });
    await this.untilCompleted();
    return taskDefinition;
  }
}

/** Lets reads wait until they show all that was written: cases say what is so after a write, not how soon it can be read. */
export function waitAfterWrites(under: EcsUnderTest): void {
  let written = false;
  under.client.middlewareStack.add(
    (next, context) => async (call) => {
      const isRead = /^(Describe|List)/.test(String(context['commandName']));
      if (isRead && written) await under.pass(under.lateSeconds);
      written = !isRead;
      return next(call);
    },
    { step: 'initialize', priority: 'high', name: 'waitAfterWrites' },
  );
}

/** A small task definition of Fargate, its containers by name. */
export const taskDefinitionOf = (
  family: string,
  named: Readonly<Record<string, Partial<ContainerDefinition>>>,
): RegisterTaskDefinitionCommandInput => ({
  family,
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  containerDefinitions: Object.entries(named).map(([name, definition]) => ({ name, ...definition })),
});
