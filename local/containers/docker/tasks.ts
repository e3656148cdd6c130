import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { type ContainerName, ContainerNotFound } from '../../../functions/api/containers.ts';
import type { RepeatedCheck } from './repeated-check.ts';
import type { ContainerExit } from '../runtime.ts';

/** One run of a container. */
export interface Run {
  readonly id: string;
  readonly attempt: number;
  readonly tty: boolean;
  readonly stopSignal: string;
  /** Other containers wait for its end. */
  readonly awaited: boolean;
  ended: boolean;
  /** Its health check, once it has been checked. */
  check?: RepeatedCheck;
  /** Puts off the SIGKILL that follows a stop signal. */
  cancelKill: () => void;
}

/** What the runtime knows of a task. */
export interface DockerTask {
  readonly taskId: string;
  readonly taskDefinition: TaskDefinition;
  /** The engine's id of the container that keeps the network. */
  readonly pause: string;
  readonly address: string;
  /** By the container's name, the present run last. */
  readonly runs: Map<string, Run[]>;
  /** By the container's name: made while the images were fetched, and not started yet. */
  readonly prepared: Map<string, Promise<Run>>;
  /** Until the containers that are being made have been. */
  made: Promise<void>;
  /** Ends the watches over its containers. */
  readonly ending: AbortController;
  /** The container that keeps the network has ended: nothing in the task can go on. */
  placeEnded: boolean;
}

export type Exited = (exit: ContainerExit) => void;

/** By id. */
export type Tasks = ReadonlyMap<string, DockerTask>;

export function taskIn(tasks: Tasks, taskId: string): DockerTask {
  const task = tasks.get(taskId);
  if (task === undefined) throw new ContainerNotFound();
  return task;
}

/** A container's present run. */
export const runIn = (tasks: Tasks, { taskId, name }: ContainerName): Run | undefined =>
  tasks.get(taskId)?.runs.get(name)?.at(-1);

/** Lets go of what is kept for a run that has ended, or goes. */
export function letGo(run: Run): void {
  run.cancelKill();
  run.check?.close();
}
