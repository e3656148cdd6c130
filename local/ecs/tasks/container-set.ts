import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { errorMessage } from '../../../kubernetes/error-message.ts';
import type { ContainerName } from '../../../functions/api/containers.ts';
import type { ContainerExit, Execution, RuntimeContainer } from '../../containers/runtime.ts';
import { readiness, orderingFailure, type Dependency } from './dependencies.ts';
import { healthCommand, watchHealth } from './health-check.ts';
import { imageToPull } from './image.ts';
import { restarts } from './restart-policy.ts';
import type { ContainerSecrets } from './task-secrets.ts';
import type { ContainerRecord, Health, TaskRecord } from '../state.ts';
import type { World } from '../world.ts';

/** Docker's code for a process that ended by SIGTERM: the agent gives it to containers that never could start. */
const neverStartedExitCode = 143;
const standardStopTimeoutSeconds = 30;

export interface ContainerSetEvents {
  /** A container has another status, and the task goes on. */
  changed(): void;
  /** Every container runs or has ended. */
  started(): void;
  /** An essential container has ended, whatever its exit code, or could not start and then why. */
  essentialEnded(failure: string | undefined): void;
  healthChanged(): void;
  /** All have ended, after `stop`. */
  ended(): void;
}

/** One container with what is not remembered about it. */
interface Member {
  readonly record: ContainerRecord;
  readonly definition: ContainerDefinition;
  readonly name: ContainerName;
  readonly dependencies: readonly Dependency[];
  phase: 'waiting' | 'starting' | 'running' | 'stopping' | 'ended';
  startedAt: number;
  endHealthWatch: () => void;
  /** Its end, when it came in before its start was known. */
  early: ContainerExit | undefined;
}

/**
 * The containers of one task: started in the order of `dependsOn`, restarted as their restart policies say, stopped in
 * the reverse order. It writes into the task's container records and tells what happened.
 */
export class ContainerSet {
  private readonly world: World;
  private readonly task: TaskRecord;
  private readonly events: ContainerSetEvents;
  private readonly members: Member[];
  private readonly digests: Record<string, string>;
  /** By the container's name: in memory only, since the task's record is saved. */
  secrets: ReadonlyMap<string, ContainerSecrets> = new Map();
  private pulling = false;
  private stopping = false;
  private announced: 'nothing' | 'started' | 'ended' = 'nothing';

  constructor(
    world: World,
    task: TaskRecord,
    options: {
      definitions: readonly ContainerDefinition[];
      digests: Record<string, string>;
      events: ContainerSetEvents;
    },
  ) {
    this.world = world;
    this.task = task;
    this.events = options.events;
    this.digests = options.digests;
    const records = new Map(task.containers.map((record) => [record.name, record]));
    this.members = options.definitions.flatMap((definition) => {
      const record = records.get(definition.name ?? '');
      if (record === undefined) return [];
      const dependencies = (definition.dependsOn ?? []).flatMap(({ containerName, condition }) => {
        const on = records.get(containerName ?? '');
        return on === undefined ? [] : [{ condition, on }];
      });
      const name = { taskId: task.id, name: record.name };
      const idle = { phase: 'waiting' as const, startedAt: 0, endHealthWatch: () => undefined, early: undefined };
      return [{ record, definition, name, dependencies, ...idle }];
    });
  }

  /** Fetches all images; a container whose image cannot be had has ended then. */
  async pull(): Promise<void> {
    this.pulling = true;
    await Promise.all(this.members.map(async (member) => this.pullOne(member)));
    this.pulling = false;
  }

  private async pullOne(member: Member): Promise<void> {
    const { record } = member;
    try {
      const { digest } = await this.world.runtime.pullImage(this.runtimeContainer(member));
      if (digest === undefined) return;
      const consistent = member.definition.versionConsistency !== 'disabled';
      record.imageDigest = consistent ? (this.digests[record.name] ??= digest) : digest;
    } catch (error) {
      if (member.phase === 'waiting') this.end(member, { reason: messageOf(error, 'CannotPullContainerError') });
    }
  }

  /** Starts what may start now. Called again by itself whenever something has changed. */
  start(): void {
    for (const member of this.members) {
      if (this.stopping) return;
      if (member.phase !== 'waiting') continue;
      const state = readiness(member.record, member.dependencies);
      if (state === 'ready') this.world.background(this.run(member));
      else if (state !== 'waiting') this.end(member, { exitCode: neverStartedExitCode, reason: state.never });
    }
    if (this.announced === 'nothing' && this.members.every(({ record }) => record.lastStatus !== 'PENDING')) {
      this.announced = 'started';
      this.events.started();
    }
  }

  /** Goes on with containers that the process before has started, `startedAt` or later. */
  resume(startedAt: number): void {
    this.announced = 'started';
    for (const member of this.members) {
      if (member.record.lastStatus === 'STOPPED') member.phase = 'ended';
      if (member.record.lastStatus !== 'RUNNING') continue;
      member.phase = 'running';
      member.startedAt = startedAt;
      const { health } = member.record;
      this.world.runtime.adoptContainer(this.runtimeContainer(member), (exit) => this.exited(member, exit));
      this.watch(member, health);
    }
    this.start();
  }

  /** Stops all, those on which others depend after those others. May be called once. */
  stop(): void {
    this.stopping = true;
    for (const member of this.members)
      if (member.phase === 'waiting') {
        member.phase = 'ended';
        member.record.lastStatus = 'STOPPED';
      }
    this.stopNext();
  }

  private stopNext(): void {
    for (const member of this.members)
      if (member.phase === 'running' && this.dependents(member).every(({ phase }) => phase === 'ended'))
        this.world.background(this.stopOne(member));
    if (this.announced !== 'ended' && this.members.every(({ phase }) => phase === 'ended')) {
      this.announced = 'ended';
      this.events.ended();
    }
  }

  private async stopOne(member: Member): Promise<void> {
    member.phase = 'stopping';
    member.endHealthWatch();
    const timeout = member.definition.stopTimeout ?? standardStopTimeoutSeconds;
    try {
      await this.world.runtime.stopContainer(member.name, timeout);
    } catch (error) {
      this.end(member, { reason: messageOf(error, 'CannotStopContainerError') });
    }
  }

  private dependents(member: Member): Member[] {
    return this.members.filter(({ dependencies }) => dependencies.some(({ on }) => on === member.record));
  }

  private async run(member: Member): Promise<void> {
    const { record } = member;
    member.phase = 'starting';
    try {
      const container = this.runtimeContainer(member);
      const started = await this.world.runtime.startContainer(container, (exit) => this.exited(member, exit));
      record.runtimeId = started.runtimeId;
      this.world.changed('tasks', this.task);
    } catch (error) {
      this.end(member, { reason: messageOf(error, 'CannotStartContainerError') });
      return;
    }
    member.phase = 'running';
    member.startedAt = this.world.clock.now();
    const restarted = record.lastStatus === 'RUNNING';
    record.lastStatus = 'RUNNING';
    if (this.stopping) {
      this.stopNext();
    } else {
      this.watch(member);
      this.expectDependents(member);
      if (!restarted && this.members.some((each) => each.record.lastStatus === 'PENDING')) this.events.changed();
      this.start();
    }
    if (member.early !== undefined) this.exited(member, member.early);
  }

  private watch(member: Member, known: Health = 'UNKNOWN'): void {
    const { record, definition, name } = member;
    const command = healthCommand(definition.healthCheck);
    if (definition.healthCheck === undefined || command === undefined) return;
    record.health = known;
    member.endHealthWatch = watchHealth(this.world, {
      known,
      check: definition.healthCheck,
      command,
      probe: (timeoutSeconds) => this.succeeds(name, { command, timeoutSeconds }),
      health: (health) => {
        record.health = health;
        this.world.changed('tasks', this.task);
        this.events.healthChanged();
        if (!this.stopping) this.start();
      },
    });
  }

  /** A check that cannot even be run has failed. */
  private async succeeds(name: ContainerName, check: Execution): Promise<boolean> {
    try {
      return (await this.world.runtime.execute(name, check)).exitCode === 0;
    } catch {
      return false;
    }
  }

  /** `startTimeout`: containers that wait for this one give up then. */
  private expectDependents(member: Member): void {
    const seconds = member.definition.startTimeout;
    if (seconds === undefined) return;
    this.world.after(seconds * 1000, () => {
      for (const waiting of this.dependents(member)) {
        if (this.stopping || waiting.phase !== 'waiting') continue;
        const blocking = waiting.dependencies.filter(({ on }) => on === member.record);
        if (readiness(waiting.record, blocking) !== 'waiting') continue;
        const reason = `${orderingFailure(waiting.record, member.record)}: timed out after ${seconds} seconds`;
        this.end(waiting, { exitCode: neverStartedExitCode, reason });
      }
    });
  }

  private exited(member: Member, exit: ContainerExit): void {
    if (member.phase === 'starting') {
      member.early = exit;
      return;
    }
    member.early = undefined;
    if (member.phase === 'ended') return;
    member.endHealthWatch();
    const ranMilliseconds = this.world.clock.now() - member.startedAt;
    if (!this.stopping && restarts(member.definition.restartPolicy, { exitCode: exit.exitCode, ranMilliseconds })) {
      this.world.background(this.run(member));
      return;
    }
    this.end(member, {
      ...(exit.exitCode === undefined ? {} : { exitCode: exit.exitCode }),
      ...(exit.outOfMemory === true ? { reason: 'OutOfMemoryError: Container killed due to memory usage' } : {}),
    });
  }

  private end(member: Member, ending: { readonly exitCode?: number; readonly reason?: string }): void {
    if (member.phase === 'ended') return;
    const couldNotStart = member.record.lastStatus === 'PENDING';
    member.phase = 'ended';
    member.endHealthWatch();
    Object.assign(member.record, ending, { lastStatus: 'STOPPED' });
    if (this.stopping) {
      this.stopNext();
    } else if (member.record.essential) {
      this.events.essentialEnded(couldNotStart ? ending.reason : undefined);
    } else {
      this.events.changed();
      if (!this.pulling) this.start();
    }
  }

  private runtimeContainer({ name, record, definition }: Member): RuntimeContainer {
    const { environment = [], credentials } = this.secrets.get(record.name) ?? {};
    return {
      ...name,
      definition: {
        ...definition,
        image: imageToPull(record.image, this.digests[record.name]),
        environment: [...(definition.environment ?? []), ...environment],
      },
      ...(credentials === undefined ? {} : { credentials }),
      awaited: this.members.some(({ dependencies }) =>
        dependencies.some(
          ({ on, condition }) => on === record && (condition === 'SUCCESS' || condition === 'COMPLETE'),
        ),
      ),
    };
  }
}

/** A runtime's own words begin with the kind of error, as ECS's do. */
export function messageOf(error: unknown, kind: string): string {
  const message = errorMessage(error);
  return /^[A-Z]\w+(Error|Exception):/.test(message) ? message : `${kind}: ${message}`;
}
