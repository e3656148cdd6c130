import { onTestFinished } from 'vitest';
import { bootstrap } from '../../functions/bootstrap.ts';
import type { Context } from '../../functions/context.ts';
import type { AwsEvent } from '../../functions/events/event.ts';
import { handleEvent } from '../../functions/events/handle-event.ts';
import { keyFor, listObjects, readObject } from '../../functions/read-objects.ts';
import { createWorker } from '../../functions/reconcile/worker.ts';
import { watchStore } from '../../functions/triggers.ts';
import { SimulatedRuntime } from '../../local/containers/simulated.ts';
import { createEmulation, type Emulation } from '../../local/emulation.ts';
import type { Faults } from '../../local/faults.ts';
import { accountId, localInstallation, zones } from '../../local/installation.ts';
import { event as eventKind, type Event } from '../../kubernetes/kinds/core/event.ts';
import type { Kind } from '../../kubernetes/kind.ts';
import type { Noted } from '../../kubernetes/notes.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { MemoryQueue } from '../../kubernetes/queue/memory.ts';
import { kinds } from '../../kubernetes/registry.ts';
import { MemoryStore } from '../../kubernetes/store/memory.ts';
import type { Store } from '../../kubernetes/store/store.ts';
import { createObject } from '../../kubernetes/write/create.ts';
import { deleteObject, type Deletion } from '../../kubernetes/write/delete.ts';
import { updateObject } from '../../kubernetes/write/update.ts';
import { mortalClients, mortalStore, ProcessLife } from './crashes.ts';
import { ManualClock, settle } from './manual-clock.ts';

export interface ClusterOptions {
  /** Absent: AWS's own waits are short. */
  readonly speed?: 'fast' | 'real';
  readonly faults?: Faults;
  /** See Context; absent: as in the cloud. */
  readonly healthSeconds?: number;
  /** The store as the processes see it. */
  readonly through?: (store: Store) => Store;
  /** Before an event is handled: whether it is to be handled at all. */
  readonly hear?: (event: AwsEvent) => boolean;
}

/**
 * Store, queue, loops and the emulated AWS with simulated containers, on a clock that stands still: the whole chain below
 * the HTTP API. Its process can die and be started again; store and AWS go on.
 */
export class Cluster {
  readonly clock = new ManualClock();
  readonly store = new MemoryStore();
  readonly life = new ProcessLife();
  readonly failures: unknown[] = [];
  readonly events: AwsEvent[] = [];
  readonly runtime = new SimulatedRuntime({ clock: this.clock });
  readonly emulation: Emulation;
  private readonly options: ClusterOptions;
  private running: { readonly context: Context; stop(): Promise<void> } | undefined;
  private ids = 0;
  private chance = 1;

  constructor(options: ClusterOptions = {}) {
    this.options = options;
    this.emulation = createEmulation({
      clock: this.clock,
      speed: options.speed ?? 'fast',
      runtime: this.runtime,
      installation: localInstallation,
      accountId,
      zones,
      newId: () => this.newId(),
      random: () => this.random(),
      deliver: (event) => this.hear(event),
      report: (error) => void this.failures.push(error),
      ...(options.faults === undefined ? {} : { faults: options.faults }),
    });
    mortalClients(this.emulation.clients, this.life);
  }

  /** What the tests themselves write with; it outlives processes. */
  get context(): Context {
    const { store, clock } = this;
    const queue = { enqueue: async (key: string): Promise<void> => this.running?.context.queue.enqueue(key) };
    return {
      store,
      queue,
      aws: this.emulation.clients,
      installation: localInstallation,
      clock,
      newId: () => this.newId(),
      random: () => this.random(),
      report: (error) => void this.failures.push(error),
      ...(this.options.healthSeconds === undefined ? {} : { healthSeconds: this.options.healthSeconds }),
    };
  }

  /** Starts a process: the loops that work. */
  async start(): Promise<void> {
    this.life.revive();
    const queue = new MemoryQueue({
      clock: this.clock,
      report: ({ error, key }) => {
        if (!this.life.died) this.failures.push(new Error(key, { cause: error }));
      },
    });
    const { through = (store: Store): Store => store } = this.options;
    const context: Context = { ...this.context, store: through(mortalStore(this.store, this.life)), queue };
    const ending = new AbortController();
    const died = (error: unknown): void => {
      if (!this.life.died) this.failures.push(error);
    };
    const watching = watchStore(context, ending.signal).catch(died);
    queue.start(createWorker(context));
    this.running = {
      context,
      stop: async () => {
        ending.abort();
        await watching;
        await queue.stop();
      },
    };
    await this.quiet(queue);
  }

  /** Ends the process, whatever it is at. */
  async stop(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    await running?.stop();
  }

  /** Lets so many seconds pass, a little at a time. */
  async pass(seconds: number): Promise<void> {
    for (let left = seconds * 1000; left > 0; left -= 1000) {
      await this.clock.advance(Math.min(left, 1000));
      await this.quiet();
    }
  }

  /** Lets time pass until it is so; fails after so many seconds. */
  async until<T>(what: () => Promise<T | undefined | false>, seconds = 120): Promise<T> {
    for (let passed = 0; ; passed += 0.25) {
      const found = await what();
      if (found !== undefined && found !== false) return found;
      if (passed >= seconds)
        throw new Error(`not so after ${seconds} s: ${what.toString()}`, { cause: this.failures[0] });
      await this.pass(0.25);
    }
  }

  /** Until nothing is being worked on and no event is under way. */
  private async quiet(queue?: MemoryQueue): Promise<void> {
    const current = queue ?? this.running?.context.queue;
    for (let turn = 0; turn < 3; turn += 1) {
      await settle();
      if (current instanceof MemoryQueue && !this.life.died) await current.idle();
    }
  }

  private async hear(event: AwsEvent): Promise<void> {
    this.events.push(event);
    if (this.running === undefined || this.life.died || this.options.hear?.(event) === false) return;
    try {
      await handleEvent(this.running.context, event);
    } catch (error) {
      if (!this.life.died) throw error;
    }
  }

  async create<T extends KubernetesObject>(kind: Kind<T>, object: T): Promise<T> {
    return (await createObject(this.context, kind, { object: structuredClone(object) })).object.parse<T>();
  }

  async update<T extends KubernetesObject>(kind: Kind<T>, name: string, change: (current: T) => T | void): Promise<T> {
    const written = await updateObject(this.context, kind, {
      key: keyFor(kind, 'default', name),
      change: (current) => change(current) ?? current,
    });
    return written.object.parse<T>();
  }

  async delete(kind: Kind, name: string, options: Partial<Deletion> = {}): Promise<void> {
    await deleteObject(this.context, kind, { key: keyFor(kind, 'default', name), ...options });
  }

  get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace = 'default'): Promise<Noted<T> | undefined> {
    return readObject(this.store, kind, keyFor(kind, namespace, name));
  }

  list<T extends KubernetesObject>(kind: Kind<T>, namespace = 'default'): Promise<Noted<T>[]> {
    return listObjects(this.store, kind, { namespace });
  }

  /** `<kind> <name>: <reason> <message> x<count>` */
  async told(): Promise<string[]> {
    const text = ({ involvedObject, reason, message, count }: Event): string =>
      `${involvedObject.kind} ${involvedObject.name}: ${reason} ${message}${(count ?? 1) > 1 ? ` x${count}` : ''}`;
    return (await listObjects(this.store, eventKind)).map(text);
  }

  /** Everything in the store but Events, by key. */
  async everything(): Promise<Map<string, KubernetesObject>> {
    const all = new Map<string, KubernetesObject>();
    for (const kind of kinds) {
      if (kind.kind === 'Event') continue;
      for (const object of await listObjects(this.store, kind)) {
        all.set(`${kind.plural}/${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`, object);
      }
    }
    return all;
  }

  private newId(): string {
    this.ids += 1;
    // Digits that differ at the front, as those of real UUIDs do: names are made from them.
    const digits = ((this.ids * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0');
    return `${digits}-0000-4000-8000-${String(this.ids).padStart(12, '0')}`;
  }

  private random(): number {
    this.chance = (this.chance * 48_271) % 2_147_483_647;
    return this.chance / 2_147_483_647;
  }
}

/** A cluster after its bootstrap, with a process that runs; it ends with the test. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const cluster = new Cluster(options);
  onTestFinished(async () => {
    await cluster.stop();
    await cluster.emulation.stop();
  });
  await bootstrap(cluster.context, {
    certificateAuthority: 'certificate',
    apiServer: { address: '192.0.2.1', port: 6443 },
  });
  await cluster.start();
  return cluster;
}
