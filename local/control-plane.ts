import type { Hono } from 'hono';
import { createApp } from '../functions/api/app.ts';
import { administrator, carriesToken, tokenDigest } from '../functions/api/bearer-token.ts';
import type { ApiDependencies } from '../functions/api/dependencies.ts';
import { bootstrap, type BootstrapOptions } from '../functions/bootstrap.ts';
import type { Context } from '../functions/context.ts';
import { ownsTask } from '../functions/own-task.ts';
import { handleEvent } from '../functions/events/handle-event.ts';
import { createWorker } from '../functions/reconcile/worker.ts';
import { watchStore } from '../functions/triggers.ts';
import type { Clock } from '../kubernetes/clock.ts';
import { maximumWatchSeconds } from '../kubernetes/limits.ts';
import { MemoryQueue } from '../kubernetes/queue/memory.ts';
import { done } from '../kubernetes/queue/queue.ts';
import type { Journal } from '../kubernetes/store/journal.ts';
import { MemoryStore } from '../kubernetes/store/memory.ts';
import packageFile from '../package.json' with { type: 'json' };
import { SimulatedRuntime } from './containers/simulated.ts';
import type { ContainerRuntime } from './containers/runtime.ts';
import type { Kept } from './ecs/snapshot.ts';
import type { Persistence } from './persistence.ts';
import { createEmulation, type Emulation } from './emulation.ts';
import type { Faults } from './faults.ts';
import { accountId, localInstallation, zones } from './installation.ts';
import { NodePorts } from './node-ports.ts';
import { pacedStore } from './paced-store.ts';
import { Turns } from './turns.ts';
import type { SecretRecord } from './secrets-manager/state.ts';
import { upgradeHandler } from './streams/upgrade.ts';

export interface ControlPlaneOptions {
  readonly clock: Clock;
  readonly speed: 'fast' | 'real';
  /** The one token that the API accepts. */
  readonly token: string;
  /** Where the API is served. */
  readonly apiServer: BootstrapOptions['apiServer'];
  /** PEM of the authority that has signed the server's certificate. */
  readonly certificateAuthority?: string;
  /** A new UUID. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
  /** Told of errors that are Skiff's own fault. */
  report(error: unknown): void;
  /** Where objects, and the state of the emulated AWS, outlive the process. */
  readonly data?: {
    readonly journal: Journal;
    readonly ecs: Persistence<Kept>;
    readonly secrets: Persistence<SecretRecord>;
    /** Why nothing new can be kept at present. */
    trouble?(): string | undefined;
  };
  /** The image of the toolbox of every task; absent: the standard one. */
  readonly toolboxImage?: string;
  /** Absent: containers are simulated. */
  readonly runtime?: ContainerRuntime;
  readonly faults?: Faults;
}

/** All of Skiff in one process, without a port. */
export interface ControlPlane {
  readonly app: Hono;
  /** Takes the requests that ask for another protocol than HTTP. */
  readonly upgrade: ReturnType<typeof upgradeHandler>;
  readonly store: MemoryStore;
  readonly queue: MemoryQueue;
  readonly emulation: Emulation;
  readonly context: Context;
  /** Ends the loops once what they are at is done, and everything that was started. */
  stop(): Promise<void>;
}

/** Asking the emulation costs nothing, and somebody may be looking. */
const healthSeconds = 2;

/** What could not be made at the start is tried again, as often as any work. */
const bootstrapKey = 'bootstrap.skiff.dev//all';
const bootstrapSeconds = 30;

/** Puts the parts together and starts them: the only place that knows them all. */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const runtime: ContainerRuntime = options.runtime ?? new SimulatedRuntime({ clock: options.clock });
  const turns = new Turns();
  const parts = makeParts(options, { runtime, turns });
  const { context, queue, emulation } = parts;
  const report = (error: unknown): void => options.report(error);
  const prepare = (): Promise<void> =>
    bootstrap(context, {
      platform: platformOf(runtime),
      apiServer: options.apiServer,
      certificateAuthority: options.certificateAuthority,
    });
  // No stored object keeps Skiff from starting: somebody has to be able to remove it.
  await prepare().catch(async (error: unknown) => {
    report(error);
    await queue.enqueue(bootstrapKey, { delaySeconds: bootstrapSeconds });
  });
  const ending = new AbortController();
  const watching = watchStore(context, ending.signal).catch(report);
  const work = createWorker(context);
  queue.start(async (key) => {
    await turns.next();
    if (key !== bootstrapKey) return work(key);
    await prepare();
    return done;
  });
  const digest = tokenDigest(options.token);
  const dependencies: ApiDependencies = {
    ...context,
    report,
    maximumWatchSeconds,
    ownsTask: (pod, task) => ownsTask(context, pod, task),
    storageTrouble: () => options.data?.trouble?.(),
    logs: runtime,
    ...(runtime.exec === undefined ? {} : { exec: runtime.exec }),
    authenticate: async (request) => (carriesToken(request, digest) ? administrator : undefined),
  };
  const app = createApp(dependencies);
  const { exec } = runtime;
  // Nothing listens in simulated containers.
  const nodePorts = exec === undefined ? undefined : new NodePorts({ context, exec, report });
  nodePorts?.start();
  return {
    ...parts,
    app,
    upgrade: upgradeHandler(dependencies),
    stop: async () => {
      ending.abort();
      await watching;
      await nodePorts?.stop();
      await queue.stop();
      await emulation.stop();
    },
  };
}

function makeParts(
  options: ControlPlaneOptions,
  { runtime, turns }: { readonly runtime: ContainerRuntime; readonly turns: Turns },
): Omit<ControlPlane, 'app' | 'upgrade' | 'stop'> {
  const { clock, speed, data, faults } = options;
  const newId = (): string => options.newId();
  const random = (): number => options.random();
  const report = (error: unknown): void => options.report(error);
  // Revisions of an earlier process are older than all of this one, so that its watchers are told to list again.
  const store = new MemoryStore(data === undefined ? { firstRevision: clock.now() } : { journal: data.journal });
  const queue = new MemoryQueue({
    clock,
    report: ({ key, error, failures, setAside }) => {
      // The first failures are part of the trade: somebody wrote in between, AWS was busy.
      if (setAside) report(new Error(`${key} has failed ${failures} times and is set aside`, { cause: error }));
    },
  });
  const installation =
    options.toolboxImage === undefined
      ? localInstallation
      : { ...localInstallation, toolboxImage: options.toolboxImage };
  const emulation = createEmulation({
    clock,
    speed,
    runtime,
    installation,
    accountId,
    zones,
    newId,
    random,
    report,
    turn: () => turns.next(),
    deliver: async (event) => {
      await turns.next();
      await handleEvent(context, event);
    },
    // As in AWS. A developer in front of a terminal is the only caller, and waits for nothing that nobody needs.
    limitCalls: speed === 'real',
    ...(faults === undefined ? {} : { faults }),
    ...(data === undefined ? {} : { persistence: data.ecs, secretsPersistence: data.secrets }),
  });
  const aws = emulation.clients;
  const paced = pacedStore(store);
  const context: Context = { store: paced, queue, aws, installation, clock, newId, random, healthSeconds, report };
  return { store, queue, emulation, context };
}

/** What the nodes say of the machine. */
const platformOf = ({ name, version }: ContainerRuntime): BootstrapOptions['platform'] => ({
  containerRuntimeVersion: `${name}://${version ?? packageFile.version}`,
  osImage: `AWS Fargate, emulated by Skiff (${name} containers)`,
  architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
});
