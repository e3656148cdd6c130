import { setTimeout as wait } from 'node:timers/promises';
import type { PodmanService } from '../../containers/support/podman.ts';
import { manifestOf, type Version, type Wanted } from './desired-state.ts';
import { engineState } from './engine-state.ts';
import type { SkiffProcess } from './skiff-process.ts';

export interface ChaosOptions {
  readonly skiff: SkiffProcess;
  readonly service: PodmanService;
  /** In [0, 1). */
  random(): number;
  say(text: string): void;
}

const names = ['red', 'green', 'blue'];
const mostReplicas = 2;

/** Somebody who changes what is wanted, and breaks what there is. */
export class Chaos {
  readonly wanted = new Map<string, Wanted>();
  /** How often each thing was done. */
  readonly done = new Map<string, number>();
  private readonly options: ChaosOptions;
  private readonly actions: readonly (readonly [name: string, weight: number, act: () => Promise<string>])[] = [
    ['kill -9', 4, () => this.harm('kill -9')],
    ['podman stop', 3, () => this.harm('podman stop')],
    ['podman rm -f', 3, () => this.harm('podman rm -f')],
    ['restart the engine', 2, () => this.restartEngine()],
    ['kill Skiff', 2, () => this.killSkiff()],
    ['change', 4, () => this.change()],
  ];

  constructor(options: ChaosOptions) {
    this.options = options;
  }

  async begin(): Promise<void> {
    for (const name of names) await this.apply(name, { replicas: 2, version: 1, volume: name === 'blue' });
  }

  /** Does things until an end in time, or until the signal aborts. */
  async rage(end: number, signal: AbortSignal): Promise<void> {
    while (Date.now() < end && !signal.aborted) {
      const [name, , act] = this.chosen();
      this.options.say(`${name}: ${await act()}`);
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      await wait(this.options.random() * 1500);
    }
  }

  private chosen(): (typeof this.actions)[number] {
    const all = this.actions.flatMap((action) => Array<typeof action>(action[1]).fill(action));
    return this.one(all);
  }

  private one<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.options.random() * list.length)];
    if (found === undefined) throw new Error('there is nothing to choose from');
    return found;
  }

  /** Ends some container, by its process or by the engine. */
  private async harm(how: 'kill -9' | 'podman stop' | 'podman rm -f'): Promise<string> {
    const { service, skiff } = this.options;
    const { containers } = await engineState(service, skiff.data);
    const running = containers.filter((each) => each.running && each.pid > 0);
    if (running.length === 0) return 'nothing runs';
    const { id, name, pid } = this.one(running);
    try {
      if (how === 'kill -9') process.kill(pid, 'SIGKILL');
      else if (how === 'podman stop') await service.podman('stop', '-t', '1', id);
      // What keeps a network is removed with what is in it.
      else await service.podman('rm', '-f', '-t', '0', '--depend', id);
      return name;
    } catch (error) {
      // Skiff may have removed it at this moment.
      return `${name}: ${error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)}`;
    }
  }

  private async restartEngine(): Promise<string> {
    const milliseconds = Math.round(this.options.random() * 2000);
    await this.options.service.restart(milliseconds);
    return `after ${milliseconds} ms`;
  }

  /** What runs may be harmed while it is away. */
  private async killSkiff(): Promise<string> {
    const { skiff } = this.options;
    await skiff.end('SIGKILL');
    const harmed: string[] = [];
    for (let count = Math.floor(this.options.random() * 3); count > 0; count -= 1)
      harmed.push(await this.harm(this.one(['kill -9', 'podman stop', 'podman rm -f'] as const)));
    await skiff.start();
    return harmed.length === 0 ? 'started again' : `${harmed.join(' and ')} harmed, started again`;
  }

  private async change(): Promise<string> {
    const name = this.one(names);
    const before = this.wanted.get(name);
    if (before !== undefined && this.options.random() < 0.2) {
      await this.options.skiff.kubectl(['delete', 'deployment', name, '--wait=false']);
      this.wanted.delete(name);
      return `${name} is deleted`;
    }
    const version: Version = this.options.random() < 0.5 ? 1 : 2;
    const replicas = Math.min(mostReplicas, Math.floor(this.options.random() * 5));
    const after = { replicas, version, volume: before?.volume ?? name === 'blue' };
    await this.apply(name, after);
    return `${name} has ${replicas} of version ${version}`;
  }

  private async apply(name: string, wanted: Wanted): Promise<void> {
    await this.options.skiff.kubectl(['apply', '-f', '-'], manifestOf(name, wanted));
    this.wanted.set(name, wanted);
  }
}
