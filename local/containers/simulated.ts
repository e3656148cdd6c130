import { createHash } from 'node:crypto';
import type { Clock } from '../../kubernetes/clock.ts';
import { type ContainerName, ContainerNotFound, type LogLine } from '../../functions/api/containers.ts';
import type { ContainerExit, ContainerRuntime, RegistryCredentials, RuntimeContainer, RuntimeTask } from './runtime.ts';
import { toolboxContainer } from '../../translate/toolbox/own-parts.ts';
import { behaviours, simulateKey, type Behaviour } from '../../translate/simulation.ts';
import { accessDenied, digestOf, hasInvalidRegistry, imageNotFound, registryNotFound } from './simulated-registry.ts';

const milliseconds = { pull: 20, start: 20, slowStart: 20_000, life: 1000, stop: 20 };

/** The exit code of a process that was ended by SIGKILL. */
const killed = 137;

interface Running {
  readonly exited: (exit: ContainerExit) => void;
  readonly timers: (() => void)[];
  readonly lines: LogLine[];
  readonly ignoresStopSignal: boolean;
  healthy: boolean;
}

const keyOf = ({ taskId, name }: ContainerName): string => `${taskId}/${name}`;

/** Containers that are only told of: for machines without an engine, and for tests. */
export class SimulatedRuntime implements ContainerRuntime {
  readonly name = 'simulated';
  private readonly clock: Clock;
  private readonly running = new Map<string, Running>();
  private readonly pushes = new Map<string, number>();
  private readonly missing = new Set<string>();
  private readonly guarded = new Map<string, RegistryCredentials>();
  private tasks = 0;

  constructor(options: { readonly clock: Clock }) {
    this.clock = options.clock;
  }

  createTask(): Promise<{ address: string }> {
    this.tasks += 1;
    return Promise.resolve({ address: addressOf(this.tasks) });
  }

  async pullImage({ definition, credentials }: RuntimeContainer): Promise<{ digest: string }> {
    const image = definition.image ?? '';
    await this.wait(milliseconds.pull);
    if (behaviourOf(definition) === 'unpullable' || this.missing.has(image)) throw imageNotFound(image);
    if (hasInvalidRegistry(image)) throw registryNotFound(image);
    if (!this.isOpenTo(image, credentials)) throw accessDenied(image);
    return { digest: digestOf(image, this.pushes.get(image) ?? 0) };
  }

  async startContainer(
    container: RuntimeContainer,
    exited: (exit: ContainerExit) => void,
  ): Promise<{ runtimeId: string }> {
    const { definition, taskId } = container;
    const behaviour = behaviourOf(definition);
    const key = keyOf(container);
    // The toolbox has nothing to do here, and takes no time for it.
    const isToolbox = container.name === toolboxContainer;
    if (!isToolbox) await this.wait(behaviour === 'slow' ? milliseconds.slowStart : milliseconds.start);
    const running: Running = {
      exited,
      timers: [],
      lines: [{ time: this.clock.now(), stream: 'stdout', text: `simulated: ${definition.image ?? ''}` }],
      healthy: behaviour !== 'never-ready',
      ignoresStopSignal: behaviour === 'slow-stop',
    };
    this.running.set(key, running);
    const exit = exitOf(container, behaviour);
    if (exit !== undefined) this.endIn(isToolbox ? 0 : milliseconds.life, key, exit);
    return { runtimeId: `${taskId}-${runtimeNumber(key)}` };
  }

  stopContainer(name: ContainerName, timeoutSeconds: number): Promise<void> {
    const ignores = this.running.get(keyOf(name))?.ignoresStopSignal === true;
    const after = ignores ? timeoutSeconds * 1000 : milliseconds.stop;
    this.endIn(after, keyOf(name), { exitCode: ignores ? killed : 0 });
    return Promise.resolve();
  }

  execute(name: ContainerName): Promise<{ exitCode?: number }> {
    const container = this.running.get(keyOf(name));
    return Promise.resolve(container === undefined ? {} : { exitCode: container.healthy ? 0 : 1 });
  }

  async *logs(name: ContainerName): AsyncIterable<LogLine> {
    const container = this.running.get(keyOf(name));
    if (container === undefined) throw new ContainerNotFound();
    yield* container.lines;
  }

  adoptTask(_task: RuntimeTask): { address: string } | undefined {
    return undefined;
  }

  adoptContainer(_container: RuntimeContainer, _exited: (exit: ContainerExit) => void): { runtimeId: string } {
    throw new ContainerNotFound();
  }

  removeStrays(): Promise<void> {
    return Promise.resolve();
  }

  removeTask(taskId: string): Promise<void> {
    for (const key of this.running.keys()) if (key.startsWith(`${taskId}/`)) this.end(key, { exitCode: killed });
    return Promise.resolve();
  }

  close(): Promise<void> {
    for (const { timers } of this.running.values()) for (const cancel of timers) cancel();
    this.running.clear();
    return Promise.resolve();
  }

  /** Ends a running container, as if by itself. */
  exit(name: ContainerName, exit: ContainerExit): void {
    this.end(keyOf(name), exit);
  }

  /** Makes a container's health check succeed or fail from now on. */
  setHealthy(name: ContainerName, healthy: boolean): void {
    const container = this.running.get(keyOf(name));
    if (container !== undefined) container.healthy = healthy;
  }

  /** Takes the image out of its registry, until it is pushed. */
  withhold(image: string): void {
    this.missing.add(image);
  }

  /** Makes an image private. */
  guard(image: string, credentials: RegistryCredentials): void {
    this.guarded.set(image, credentials);
  }

  private isOpenTo(image: string, given: RegistryCredentials | undefined): boolean {
    const wanted = this.guarded.get(image);
    return wanted === undefined || (given?.username === wanted.username && given.password === wanted.password);
  }

  /** Lets the image's tag stand for something new. */
  push(image: string): void {
    this.missing.delete(image);
    this.pushes.set(image, (this.pushes.get(image) ?? 0) + 1);
  }

  private wait(time: number): Promise<void> {
    return new Promise((resolve) => void this.clock.after(time, resolve));
  }

  private endIn(time: number, key: string, exit: ContainerExit): void {
    this.running.get(key)?.timers.push(this.clock.after(time, () => this.end(key, exit)));
  }

  private end(key: string, exit: ContainerExit): void {
    const container = this.running.get(key);
    if (container === undefined) return;
    this.running.delete(key);
    for (const cancel of container.timers) cancel();
    container.exited(exit);
  }
}

function behaviourOf({ name, dockerLabels = {} }: RuntimeContainer['definition']): Behaviour | undefined {
  const told = dockerLabels[`${simulateKey}.${name}`] ?? dockerLabels[simulateKey];
  return behaviours.find((each) => each === told);
}

function exitOf(container: RuntimeContainer, behaviour: Behaviour | undefined): ContainerExit | undefined {
  if (behaviour === 'crash') return { exitCode: 1 };
  if (behaviour === 'oom') return { exitCode: killed, outOfMemory: true };
  return behaviour === 'exit' || container.awaited ? { exitCode: 0 } : undefined;
}

/** 10.0.0.4, 10.0.0.5, … (AWS keeps the first four of a subnet): unique among the tasks of a process, never .0 or .255. */
function addressOf(count: number): string {
  const index = count + 2;
  const net = Math.floor(index / 254);
  return `10.${Math.floor(net / 256) % 256}.${net % 256}.${(index % 254) + 1}`;
}

const runtimeNumber = (key: string): string =>
  `${createHash('sha256').update(key).digest().readUInt32BE(0)}`.padStart(10, '0');
