import type { Clock } from '../../../kubernetes/clock.ts';
import {
  type ContainerName,
  ContainerNotFound,
  type Exec,
  type LogLine,
  type LogOptions,
} from '../../../functions/api/containers.ts';
import {
  type ContainerExit,
  type ContainerRuntime,
  type Execution,
  type RuntimeContainer,
  type RuntimeTask,
} from '../runtime.ts';
import type { Engine } from './engine.ts';
import { checkOf } from './checks.ts';
import { Exits } from './exits.ts';
import type { FoundEngine } from './find-engine.ts';
import { type Image, Images } from './images.ts';
import { KeptLogs } from './kept-logs.ts';
import { kill } from './kill.ts';
import { installationLabel, type Ownership } from './labels.ts';
import { endsOfLogs, readLogs } from './read-logs.ts';
import { createRun, startRun } from './runs.ts';
import { findSurvivors, type Survivor } from './survivors.ts';
import { sweepStrays } from './strays.ts';
import { type Labelled, ofInstallation, ofTask, sweep } from './sweep.ts';
import { TaskNetwork } from './task-network.ts';
import { TaskExec } from './task-exec.ts';
import { type DockerTask, type Exited, letGo, type Run, runIn, taskIn } from './tasks.ts';
import { untilDone } from './until-done.ts';

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
export class DockerRuntime implements ContainerRuntime {
  readonly name: string;
  readonly version: string;
  readonly exec: Exec;
  private readonly options: DockerRuntimeOptions;
  private readonly engine: Engine;
  private readonly images: Images;
  private readonly exits: Exits;
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
    return new DockerRuntime(options, await findSurvivors(options.found.engine, options));
  }

  private constructor(options: DockerRuntimeOptions, survivors: Map<string, Survivor>) {
    const { engine, name, version } = options.found;
    this.name = name;
    this.version = version;
    this.options = options;
    this.engine = engine;
    this.survivors = survivors;
    this.images = new Images(engine, this.closing.signal);
    this.exec = new TaskExec(engine, this.tasks);
    this.exits = new Exits(engine, this.closing.signal);
    this.network = new TaskNetwork({ ...options, engine, images: this.images });
  }

  async createTask(task: RuntimeTask): Promise<{ address: string }> {
    this.own.add(task.taskId);
    const place = await this.track(task.taskId, this.network.createPlace(task));
    this.add(task, { ...place, runs: new Map() });
    return { address: place.address };
  }

  async pullImage(container: RuntimeContainer): Promise<{ digest?: string }> {
    const image = await this.imageOf(container);
    this.prepare(container, image);
    return image.digest === undefined ? {} : { digest: image.digest };
  }

  /** Making a container takes a while, in which others of the task start, and may have to end before it may. */
  private prepare(container: RuntimeContainer, image: Image): void {
    const task = this.tasks.get(container.taskId);
    if (task === undefined || task.prepared.has(container.name) || task.runs.has(container.name)) return;
    const run = this.track(container.taskId, this.create(container, { task, image }));
    // Whoever starts it is told.
    run.catch(() => undefined);
    task.prepared.set(container.name, run);
  }

  private imageOf({ definition, credentials }: RuntimeContainer): Promise<Image> {
    return this.images.get(definition.image ?? '', credentials);
  }

  /** One after the other: Podman before 4.8 locks up for good when it makes two containers of the same volumes at once. */
  private create(container: RuntimeContainer, source: { task: DockerTask; image: Image }): Promise<Run> {
    const { task } = source;
    const made = task.made.then(() =>
      createRun(container, { engine: this.engine, ownership: this.options.ownership, ...source }),
    );
    task.made = made.then(
      () => undefined,
      () => undefined,
    );
    return made;
  }

  async startContainer(container: RuntimeContainer, exited: Exited): Promise<{ runtimeId: string }> {
    const task = taskIn(this.tasks, container.taskId);
    const run = await this.track(container.taskId, this.begin(container, task));
    task.runs.set(container.name, [...(task.runs.get(container.name) ?? []), run]);
    if (task.placeEnded) this.killSurely(run);
    return this.watch(task, run, exited);
  }

  private async begin(container: RuntimeContainer, task: DockerTask): Promise<Run> {
    const prepared = task.prepared.get(container.name);
    task.prepared.delete(container.name);
    const run = await (prepared ?? this.create(container, { task, image: await this.imageOf(container) }));
    await startRun(this.engine, run, task.ending.signal);
    return run;
  }

  async stopContainer(container: ContainerName, timeoutSeconds: number): Promise<void> {
    const run = runIn(this.tasks, container);
    if (run === undefined || run.ended) return;
    await kill(this.engine, run.id, run.stopSignal);
    run.cancelKill = this.options.clock.after(timeoutSeconds * 1000, () => this.killSurely(run));
  }

  async execute(container: ContainerName, { command, timeoutSeconds }: Execution): Promise<{ exitCode?: number }> {
    const run = runIn(this.tasks, container);
    if (run === undefined) throw new ContainerNotFound();
    const check = checkOf(run, command, (asked) => this.exec.start(container, asked));
    const cancel = this.options.clock.after(timeoutSeconds * 1000, () => check.giveUp());
    try {
      const exitCode = await check.run();
      return exitCode === undefined ? {} : { exitCode };
    } finally {
      cancel();
    }
  }

  async *logs(container: ContainerName, options: LogOptions): AsyncGenerator<LogLine, void, undefined> {
    const runs = this.tasks.get(container.taskId)?.runs.get(container.name);
    if (runs === undefined) return yield* this.keptLogs.read(container, options);
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
    const task = taskIn(this.tasks, container.taskId);
    const run = runIn(this.tasks, container);
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
      for (const run of [...task.runs.values()].flat()) letGo(run);
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
    for (const task of this.tasks.values()) {
      task.ending.abort();
      for (const run of [...task.runs.values()].flat()) letGo(run);
    }
    await Promise.allSettled(this.underWay);
    const { installation } = this.options.ownership;
    await sweep(this.engine, { label: ofInstallation(installation) });
    this.tasks.clear();
  }

  private add(task: RuntimeTask, place: Pick<DockerTask, 'pause' | 'address' | 'runs'>): void {
    const { taskId, taskDefinition } = task;
    const ending = new AbortController();
    const made = Promise.resolve();
    const added = { ...place, taskId, taskDefinition, prepared: new Map(), made, ending, placeEnded: false };
    this.tasks.set(taskId, added);
    this.background(this.watchPlace(added));
  }

  /** Without the network nothing in a task can go on. */
  private async watchPlace(task: DockerTask): Promise<void> {
    const end = await this.exits.of({ id: task.pause, awaited: false }, task.ending.signal);
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
      letGo(run);
      exited(exit);
    };
    this.background(this.exits.of(run, task.ending.signal).then(end));
    return { runtimeId: run.id };
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
