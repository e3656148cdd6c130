import type { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import type { ContainerName, Exec, Logs } from '../../functions/api/containers.ts';

/**
 * What runs the containers of tasks. The emulation decides (order, health, restarts, when to stop); a runtime only
 * carries out, so that simulated containers and those of an engine behave alike.
 *
 * **Ownership.** A runtime keeps what belongs to a task under the task's id, from `createTask` to `removeTask`.
 *
 * **Failures.** What cannot be done is thrown as a RuntimeFailure, whose message is what ECS reports.
 */
export interface ContainerRuntime extends Logs {
  /** `simulated`, `docker`, `podman`: shown to people. */
  readonly name: string;
  /** Of the engine; absent when there is none. */
  readonly version?: string;

  /** Makes the task's network namespace and volumes; all its containers share them. Answers its address. */
  createTask(task: RuntimeTask): Promise<{ readonly address: string }>;

  /** Fetches the image, given by tag or by digest, and answers the digest that the name stands for now. */
  pullImage(container: RuntimeContainer): Promise<{ readonly digest?: string }>;

  /** Starts a container. `exited` is called once, whatever ends it, and never before this has answered. */
  startContainer(container: RuntimeContainer, exited: (exit: ContainerExit) => void): Promise<{ runtimeId: string }>;

  /**
   * Sends the image's stop signal (SIGTERM if it names none), and SIGKILL after the timeout. Answers when the signal is
   * sent; the end is told through `exited`. A container that has ended already is no error.
   */
  stopContainer(container: ContainerName, timeoutSeconds: number): Promise<void>;

  /** Runs a command in a running container. No exit code: it took longer than the timeout, or could not be run. */
  execute(container: ContainerName, command: Execution): Promise<{ readonly exitCode?: number }>;

  /** Ways into running containers; absent when none really runs. */
  readonly exec?: Exec;

  /** Takes over a task that an earlier process of this installation has left running; undefined when it has not. */
  adoptTask(task: RuntimeTask): { readonly address: string } | undefined;

  /** Goes on with a container of an adopted task, as after `startContainer`; it may have ended meanwhile. */
  adoptContainer(container: RuntimeContainer, exited: (exit: ContainerExit) => void): { runtimeId: string };

  /** Removes what earlier processes have left behind and nobody has adopted, or can adopt. */
  removeStrays(): Promise<void>;

  /** Removes the task's containers, volumes and network. Containers that still run are killed. May be called twice. */
  removeTask(taskId: string): Promise<void>;

  /** Removes everything this runtime has made. */
  close(): Promise<void>;
}

export interface RuntimeTask {
  readonly taskId: string;
  readonly taskDefinition: TaskDefinition;
  readonly availabilityZone: string;
}

export interface RuntimeContainer extends ContainerName {
  /** As registered, with the overrides of RunTask applied and the image pinned to a digest when there is one. */
  readonly definition: ContainerDefinition;
  /** Other containers wait for this one to end. */
  readonly awaited: boolean;
  /** What its image's registry asks for; absent: the registry is asked without. */
  readonly credentials?: RegistryCredentials;
}

/** For a registry. Never told to anybody else, in no message and no log. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

export interface ContainerExit {
  /** Absent: not known. */
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
}

export interface Execution {
  readonly command: readonly string[];
  readonly timeoutSeconds: number;
}

/** Something a runtime could not do, in ECS's words: `CannotPullContainerError: …`. */
export class RuntimeFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RuntimeFailure';
  }
}
