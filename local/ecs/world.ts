import type { Clock } from '../../kubernetes/clock.ts';
import type { AwsEvent } from '../../functions/events/event.ts';
import type { ContainerRuntime } from '../containers/runtime.ts';
import type { EcsState, ServiceRecord, StopCode, TaskDefinitionRecord, TaskRecord } from './state.ts';
import type { Entry } from './snapshot.ts';
import type { ReadSecret } from './tasks/task-secrets.ts';
import type { Timing } from './timing.ts';

/** What the parts of the emulated ECS share. */
export interface World {
  readonly state: EcsState;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly runtime: ContainerRuntime;
  /** Secrets Manager, as the tasks' execution role may use it. */
  readonly readSecret: ReadSecret;
  readonly region: string;
  readonly accountId: string;
  readonly zones: readonly string[];
  /** The installation's subnets: the n-th lies in the n-th zone, round and round. */
  readonly subnets: readonly string[];
  newId(): string;
  random(): number;

  /** Calls `run` later, unless the emulation is stopped or the answer called first; what `run` throws is reported. */
  after(milliseconds: number, run: () => void): () => void;
  /** Lets a promise run by itself; its failure is reported. */
  background(work: Promise<unknown>): void;

  /** A record of `state` is new or different now. */
  changed(...entry: Entry): void;
  publish(event: Pick<AwsEvent, 'detail-type' | 'resources' | 'detail'>): void;

  /** Asks the scheduler to look at a service soon. */
  schedule(service: string): void;
  /** `digests`: what the images of the task's deployment stand for, filled in by the first task that pulls them. */
  launch(task: TaskRecord, definition: TaskDefinitionRecord, digests?: Record<string, string>): void;
  /** Begins to stop a task that is not being stopped yet; tells whether it did. */
  stopTask(task: TaskRecord, stop: TaskStop): boolean;
}

export interface TaskStop {
  readonly code: StopCode;
  readonly reason: string;
}

/** The state as handlers that read may see it, which may be late. */
export interface View {
  readonly state: EcsState;
  readonly region: string;
  readonly accountId: string;
}

/** The tasks of a service that have not ended. */
export const tasksOf = (state: EcsState, service: ServiceRecord): TaskRecord[] =>
  [...service.tasks].map((arn) => state.tasks.get(arn)).filter((task) => task !== undefined);

/** Those of them that are not being stopped. */
export const liveTasksOf = (state: EcsState, service: ServiceRecord): TaskRecord[] =>
  tasksOf(state, service).filter((task) => task.desiredStatus === 'RUNNING');
