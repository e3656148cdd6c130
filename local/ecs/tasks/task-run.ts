import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import type { RuntimeTask } from '../../containers/runtime.ts';
import { ContainerSet, messageOf } from './container-set.ts';
import type { TaskDefinitionRecord, TaskRecord, TaskStatus } from '../state.ts';
import { containersToRun } from './task-overrides.ts';
import { describeTaskDefinitionRecord } from '../task-definitions/task-definitions.ts';
import { taskChanged } from './task-events.ts';
import { fetchSecrets } from './task-secrets.ts';
import type { TaskStop, World } from '../world.ts';

/**
 * The life of one task: PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html). It may be told to stop
 * at any point of it, and then takes only the steps that undo what was done.
 */
export class TaskRun {
  private readonly world: World;
  private readonly task: TaskRecord;
  private readonly definition: TaskDefinitionRecord;
  private readonly toRun: readonly ContainerDefinition[];
  private readonly containers: ContainerSet;
  private cancel = (): void => undefined;
  private provisioned: Promise<void> | undefined;

  constructor(
    world: World,
    task: TaskRecord,
    options: { definition: TaskDefinitionRecord; digests: Record<string, string> },
  ) {
    this.world = world;
    this.task = task;
    this.definition = options.definition;
    this.toRun = containersToRun(options.definition, task.overrides);
    this.containers = new ContainerSet(world, task, {
      definitions: this.toRun,
      digests: options.digests,
      events: {
        changed: () => taskChanged(world, task),
        started: () => this.started(),
        essentialEnded: (failure) => this.essentialEnded(failure),
        healthChanged: () => {
          if (task.service !== undefined) world.schedule(task.service);
        },
        ended: () => this.deprovision(),
      },
    });
  }

  begin(): void {
    taskChanged(this.world, this.task);
    this.next(this.world.timing.provisioning, () => {
      this.provisioned = this.provision();
      this.world.background(this.provisioned);
    });
  }

  /** Goes on with a task that the process before has left running; false when its runtime has it no more. */
  resume(): boolean {
    const adopted = this.world.runtime.adoptTask(this.runtimeTask());
    if (adopted === undefined) return false;
    this.containers.secrets = this.keptSecrets();
    this.containers.resume(this.task.startedAt ?? this.world.clock.now());
    return true;
  }

  /** What containers that are started again are given. They run already: what is gone by now, they go without. */
  private keptSecrets(): ReturnType<typeof fetchSecrets> {
    try {
      return fetchSecrets(this.toRun, this.world.readSecret);
    } catch {
      return new Map();
    }
  }

  private runtimeTask(): RuntimeTask {
    return {
      taskId: this.task.id,
      taskDefinition: describeTaskDefinitionRecord(this.definition),
      availabilityZone: this.task.availabilityZone,
    };
  }

  /** Begins to stop the task; false when that has begun before. */
  stop({ code, reason }: TaskStop): boolean {
    const { task, world } = this;
    if (task.desiredStatus === 'STOPPED') return false;
    this.cancel();
    task.desiredStatus = 'STOPPED';
    task.stopCode = code;
    task.stoppedReason = reason;
    task.stoppingAt = world.clock.now();
    if (task.lastStatus === 'PROVISIONING' || task.lastStatus === 'PENDING') {
      this.containers.stop();
    } else {
      this.become('DEACTIVATING');
      this.next(world.timing.deactivating, () => {
        this.become('STOPPING');
        this.containers.stop();
      });
    }
    return true;
  }

  private get stopping(): boolean {
    return this.task.desiredStatus === 'STOPPED';
  }

  private next(milliseconds: number, run: () => void): void {
    this.cancel = this.world.after(milliseconds, run);
  }

  private become(status: TaskStatus): void {
    this.task.lastStatus = status;
    taskChanged(this.world, this.task);
  }

  private async provision(): Promise<void> {
    const { task, world } = this;
    try {
      this.containers.secrets = fetchSecrets(this.toRun, world.readSecret);
      const { address } = await world.runtime.createTask(this.runtimeTask());
      task.networkInterface.address = address;
    } catch (error) {
      this.stop({ code: 'TaskFailedToStart', reason: messageOf(error, 'ResourceInitializationError') });
      return;
    }
    task.networkInterface.status = 'ATTACHED';
    task.connectivityAt = world.clock.now();
    if (this.stopping) return;
    this.become('PENDING');
    this.next(world.timing.pending, () => world.background(this.activate()));
  }

  private async activate(): Promise<void> {
    const { task, world } = this;
    task.pullStartedAt = world.clock.now();
    this.become('ACTIVATING');
    await this.containers.pull();
    if (this.stopping) return;
    task.pullStoppedAt = world.clock.now();
    this.containers.start();
  }

  private started(): void {
    if (this.stopping) return;
    this.task.startedAt = this.world.clock.now();
    this.become('RUNNING');
  }

  private essentialEnded(failure: string | undefined): void {
    if (failure === undefined)
      this.stop({ code: 'EssentialContainerExited', reason: 'Essential container in task exited' });
    // ECS gives the pull's error as the task's own; other failures stand with the container only.
    else
      this.stop({
        code: 'TaskFailedToStart',
        reason: failure.startsWith('CannotPullContainerError') ? failure : 'Task failed to start',
      });
  }

  private deprovision(): void {
    if (this.task.pullStartedAt !== undefined) this.task.executionStoppedAt = this.world.clock.now();
    this.become('DEPROVISIONING');
    this.next(this.world.timing.deprovisioning, () => this.world.background(this.finish()));
  }

  private async finish(): Promise<void> {
    const { task, world } = this;
    // The network may still be in the making; removing it before would leave it behind.
    await this.provisioned;
    const removal = world.runtime.removeTask(task.id);
    world.background(removal);
    await Promise.allSettled([removal]);
    task.networkInterface.status = 'DELETED';
    task.stoppedAt = world.clock.now();
    this.become('STOPPED');
  }
}
