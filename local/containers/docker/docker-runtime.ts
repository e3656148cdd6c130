import type { Duplex } from 'node:stream';
import type { Clock } from '../../../kubernetes/clock.ts';
import {
  type Command,
  type ContainerName,
  ContainerNotFound,
  type ContainerProcess,
  type Exec,
  type LogLine,
  type LogOptions,
} from '../../../functions/api/containers.ts';
import {
  type ContainerExit,
  type ContainerRuntime,
  type Execution,
  type RuntimeContainer,
  RuntimeFailure,
  type RuntimeTask,
} from '../runtime.ts';
import { connectDirectly, connectionOf } from './connect.ts';
import { containerBody, taskName } from './container-body.ts';
import { createContainer } from './create-container.ts';
import type { Engine } from './engine.ts';
import type { FoundEngine } from './find-engine.ts';
import { Images } from './images.ts';
import { KeptLogs } from './kept-logs.ts';
import { kill } from './kill.ts';
import { installationLabel, type Ownership } from './labels.ts';
import { attachTo, startCommand } from './process.ts';
import { endsOfLogs, readLogs } from './read-logs.ts';
import { findSurvivors, runOf, type Survivor } from './survivors.ts';
import { sweepStrays } from './strays.ts';
import { type Labelled, ofInstallation, ofTask, remove, sweep } from './sweep.ts';
import { TaskNetwork } from './task-network.ts';
import type { DockerTask, Exited, Run } from './tasks.ts';
import { untilDone } from './until-done.ts';
import { inspect, watchExit } from './watch-exit.ts';

export interface DockerRuntimeOptions {
  readonly found: FoundEngine;
  readonly clock: Clock;
  readonly ownership: Ownership;
  /** A static busybox at /bin/busybox: keeps the networks of tasks. */
  readonly toolboxImage: string;
  /** Told of what goes wrong where nobody waits for an answer. */
  report(error: unknown): void;
}

/**
 * Containers of an engine that speaks Docker's API. A task is a container that keeps the network namespace, the task's
 * containers in it, and a volume for each of the task's.
 */
export class DockerRuntime implements ContainerRuntime, Exec {
  readonly name: string;
  readonly version: string;
  private readonly options: DockerRuntimeOptions;
  private readonly engine: Engine;
  private readonly images: Images;
  private readonly network: TaskNetwork;
  private readonly survivors: Map<string, Survivor>;
  private readonly tasks = new Map<string, DockerTask>();
  private readonly keptLogs = new KeptLogs();
  private readonly underWay = new Set<Promise<unknown>>();
  /** Tasks that this process has made or adopted and not removed: whatever else there is belongs to nobody. */
  private readonly own = new Set<string>();
  /** Tasks for which the engine may still make what it has been given up on. */
  private readonly doubtful = new Set<string>();
  private readonly closing = new AbortController();

  /** Looks for what an earlier process of the same installation has left running. */
  static async open(options: DockerRuntimeOptions): Promise<DockerRuntime> {
    return new DockerRuntime(options, await findSurvivors(options.found.engine, options.ownership));
  }

  private constructor(options: DockerRuntimeOptions, survivors: Map<string, Survivor>) {
    const { engine, name, version } = options.found;
    this.name = name;
    this.version = version;
    this.options = options;
    this.engine = engine;
    this.survivors = survivors;
    this.images = new Images(engine, this.closing.signal);
    this.network = new TaskNetwork({ ...options, engine, images: this.images });
  }

  async createTask(task: RuntimeTask): Promise<{ address: string }> {
    this.own.add(task.taskId);
    const place = await this.track(task.taskId, this.network.createPlace(task));
    this.add(task, { ...place, runs: new Map() });
    return { address: place.address };
  }

  async pullImage({ definition, credentials }: RuntimeContainer): Promise<{ digest?: string }> {
    const { digest } = await this.images.get(definition.image ?? '', credentials);
    return digest === undefined ? {} : { digest };
  }

  async startContainer(container: RuntimeContainer, exited: Exited): Promise<{ runtimeId: string }> {
    const task = this.taskOf(container.taskId);
    const run = await this.track(container.taskId, this.begin(container, task));
    task.runs.set(container.name, [...(task.runs.get(container.name) ?? []), run]);
    if (task.placeEnded) this.killSurely(run);
    return this.watch(task, run, exited);
  }

  private async begin(container: RuntimeContainer, task: DockerTask): Promise<Run> {
    const { ownership } = this.options;
    const { definition, taskId, name, credentials } = container;
    // Somebody may have removed an earlier one.
    const attempt = (task.runs.get(name)?.at(-1)?.attempt ?? -1) + 1;
    const image = await this.images.get(definition.image ?? '', credentials);
    const body = containerBody(container, { ...task, ownership, image, attempt });
    const engineName = `${taskName(ownership, taskId)}-${name}-${attempt}`;
    const id = await createContainer(this.engine, engineName, body).catch(failure('CannotCreateContainerError'));
    try {
      if (task.ending.signal.aborted) throw new RuntimeFailure('CannotStartContainerError: the task is being removed');
      await this.engine.call('POST', `/containers/${id}/start`).catch(failure('CannotStartContainerError'));
      return { ...runOf(await inspect(this.engine, id), attempt), awaited: container.awaited };
    } catch (error) {
      // What cannot be removed now goes with the task.
      await remove(this.engine, { path: `/containers/${id}`, running: true }, { force: true, v: true }).catch(() => {});
      throw error;
    }
  }

  async stopContainer(container: ContainerName, timeoutSeconds: number): Promise<void> {
    const run = this.runOf(container);
    if (run === undefined || run.ended) return;
    await kill(this.engine, run.id, run.stopSignal);
    run.cancelKill = this.options.clock.after(timeoutSeconds * 1000, () => this.killSurely(run));
  }

  get exec(): Exec {
    return this;
  }

  async execute(container: ContainerName, { command, timeoutSeconds }: Execution): Promise<{ exitCode?: number }> {
    const process = await this.start(container, { command, stdin: false, tty: false });
    const cancel = this.options.clock.after(timeoutSeconds * 1000, () => process.close());
    try {
      for await (const _ of process.output);
      const exitCode = await process.exitCode();
      return exitCode === undefined ? {} : { exitCode };
    } catch {
      return {};
    } finally {
      cancel();
    }
  }

  start(container: ContainerName, command: Command): Promise<ContainerProcess> {
    const run = this.runOf(container);
    if (run === undefined) return Promise.reject(new ContainerNotFound());
    return startCommand(this.engine, run.id, command);
  }

  attach(container: ContainerName): Promise<ContainerProcess> {
    const run = this.runOf(container);
    if (run === undefined) return Promise.reject(new ContainerNotFound());
    const exitCode = async (): Promise<number> => (await inspect(this.engine, run.id)).State.ExitCode;
    return attachTo(this.engine, run.id, { tty: run.tty, exitCode });
  }

  async connect(taskId: string, port: number): Promise<Duplex> {
    const { address, pause } = this.taskOf(taskId);
    const direct = await connectDirectly(address, port);
    if (direct !== undefined) return direct;
    // The engine's network may be out of reach, or the program listens on the task's own loopback alone.
    const command = ['/bin/busybox', 'nc', '127.0.0.1', String(port)];
    return connectionOf(await startCommand(this.engine, pause, { command, stdin: true, tty: false }));
  }

  async *logs(container: ContainerName, options: LogOptions): AsyncGenerator<LogLine, void, undefined> {
    const runs = this.tasks.get(container.taskId)?.runs.get(container.name);
    if (runs === undefined) {
      const kept = options.previous === true ? undefined : this.keptLogs.get(container.taskId, container.name);
      if (kept === undefined) throw new ContainerNotFound();
      const { since = 0, tail = kept.length } = options;
      const wanted = kept.filter(({ time }) => time >= since);
      yield* tail === 0 ? [] : wanted.slice(-tail);
      return;
    }
    const run = runs.at(options.previous === true ? -2 : -1);
    if (run === undefined) throw new ContainerNotFound();
    yield* readLogs(this.engine, run, options);
  }

  adoptTask(task: RuntimeTask): { address: string } | undefined {
    const survivor = this.survivors.get(task.taskId);
    if (survivor === undefined) return undefined;
    this.survivors.delete(task.taskId);
    this.own.add(task.taskId);
    this.add(task, survivor);
    return { address: survivor.address };
  }

  adoptContainer(container: RuntimeContainer, exited: Exited): { runtimeId: string } {
    const task = this.taskOf(container.taskId);
    const run = this.runOf(container);
    if (run !== undefined) return this.watch(task, run, exited);
    queueMicrotask(() => exited({}));
    return { runtimeId: '' };
  }

  async removeStrays(): Promise<void> {
    this.survivors.clear();
    const { installation } = this.options.ownership;
    const sweepAll = (): Promise<void> =>
      this.untilDone(() => sweepStrays(this.engine, { installation, isOwn: (taskId) => this.own.has(taskId) }));
    await sweepAll();
    // The engine may still be at what the process before has asked for.
    this.options.clock.after(strayMilliseconds, () => this.background(sweepAll()));
  }

  async removeTask(taskId: string): Promise<void> {
    const task = this.tasks.get(taskId);
    if (task !== undefined) {
      task.ending.abort();
      this.keptLogs.keep(taskId, await endsOfLogs(this.engine, task.runs));
      this.tasks.delete(taskId);
      for (const run of [...task.runs.values()].flat()) run.cancelKill();
    }
    await this.sweepTask(taskId);
    this.own.delete(taskId);
    if (this.doubtful.delete(taskId))
      this.options.clock.after(strayMilliseconds, () => this.background(this.sweepTask(taskId)));
  }

  private sweepTask(taskId: string): Promise<void> {
    const { installation } = this.options.ownership;
    const wanted = (labels: Labelled['labels']): boolean => labels[installationLabel] === installation;
    return this.untilDone(() => sweep(this.engine, { label: ofTask(taskId), wanted, tasksOnly: true }));
  }

  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    for (const task of this.tasks.values()) task.ending.abort();
    await Promise.allSettled(this.underWay);
    const { installation } = this.options.ownership;
    await sweep(this.engine, { label: ofInstallation(installation) });
    this.tasks.clear();
  }

  private add(task: RuntimeTask, place: Pick<DockerTask, 'pause' | 'address' | 'runs'>): void {
    const { taskId, taskDefinition } = task;
    const added = { ...place, taskId, taskDefinition, ending: new AbortController(), placeEnded: false };
    this.tasks.set(taskId, added);
    this.background(this.watchPlace(added));
  }

  /** Without the network nothing in a task can go on. */
  private async watchPlace(task: DockerTask): Promise<void> {
    const end = await watchExit(this.engine, { id: task.pause, awaited: false }, task.ending.signal);
    if (end === undefined) return;
    task.placeEnded = true;
    for (const run of [...task.runs.values()].flat()) this.killSurely(run);
  }

  private killSurely(run: Run): void {
    if (!run.ended) this.background(this.untilDone(() => kill(this.engine, run.id, 'SIGKILL')));
  }

  private watch(task: DockerTask, run: Run, exited: Exited): { runtimeId: string } {
    const end = (exit: ContainerExit | undefined): void => {
      if (exit === undefined) return;
      run.ended = true;
      run.cancelKill();
      exited(exit);
    };
    this.background(watchExit(this.engine, run, task.ending.signal).then(end));
    return { runtimeId: run.id };
  }

  private taskOf(taskId: string): DockerTask {
    const task = this.tasks.get(taskId);
    if (task === undefined) throw new ContainerNotFound();
    return task;
  }

  private runOf({ taskId, name }: ContainerName): Run | undefined {
    return this.tasks.get(taskId)?.runs.get(name)?.at(-1);
  }

  /** Something that makes things of a task: whoever removes all has to wait for it. */
  private async track<T>(taskId: string, work: Promise<T>): Promise<T> {
    this.underWay.add(work);
    try {
      return await work;
    } catch (error) {
      this.doubtful.add(taskId);
      throw error;
    } finally {
      this.underWay.delete(work);
    }
  }

  private untilDone(work: () => Promise<unknown>): Promise<void> {
    return untilDone(work, { signal: this.closing.signal, report: (error) => this.options.report(error) });
  }

  private background(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.closing.signal.aborted) this.options.report(error);
    });
  }
}

/** How long an engine may take for a call whose caller is gone, or has given up. */
const strayMilliseconds = 10_000;

/** An engine's refusal in ECS's words. */
const failure =
  (kind: string) =>
  (error: unknown): never => {
    const message = error instanceof Error ? error.message : String(error);
    throw new RuntimeFailure(`${kind}: Error response from daemon: ${message}`, { cause: error });
  };
