import { makeClients, type Clients } from '../aws/clients.ts';
import { RateLimiter } from '../aws/rate.ts';
import type { AwsEvent } from '../functions/events/event.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { Installation } from '../translate/installation.ts';
import type { ContainerRuntime } from './containers/runtime.ts';
import { createEcs, type Ecs, type EcsOptions } from './ecs/ecs.ts';
import type { Kept } from './ecs/snapshot.ts';
import type { Persistence } from './persistence.ts';
import { withRequestLimits } from './ecs/request-limits.ts';
import { createEventBus } from './event-bus.ts';
import type { SecretRecord } from './secrets-manager/state.ts';
import type { Faults } from './faults.ts';
import { type Answer, intercept } from './intercept.ts';
import { createSecretsManager, type SecretsManager } from './secrets-manager/secrets-manager.ts';

export interface EmulationOptions {
  readonly clock: Clock;
  /** `fast` shortens AWS's own waits, see ecs/timing.ts. */
  readonly speed: 'fast' | 'real';
  /** Runs the containers. Closed by `stop`. */
  readonly runtime: ContainerRuntime;
  readonly installation: Installation;
  readonly accountId: string;
  /** `us-east-1a`, …: tasks are spread over them. */
  readonly zones: readonly string[];
  /** A new UUID. */
  newId(): string;
  /** In [0, 1). */
  random(): number;
  /** Takes an event; one that it throws at comes again. */
  deliver(event: AwsEvent): Promise<void>;
  /** Told of what is wrong with the emulation itself, and of events given up. Without it, Node warns. */
  report?(error: unknown): void;
  readonly faults?: Faults;
  /** Waited for before each answer, so that callers do not take all of the process's time. */
  readonly turn?: () => Promise<void>;
  /**
   * Calls are limited as in AWS: ECS refuses those above its rates, and the clients wait so as to stay below. Absent:
   * there is no limit, since nobody else calls and a developer waits.
   */
  readonly limitCalls?: boolean;
  /** Where ECS's state outlives the process: tasks do not, services start new ones. */
  readonly persistence?: Persistence<Kept>;
  /** Where the secrets of Secrets Manager outlive the process. */
  readonly secretsPersistence?: Persistence<SecretRecord>;
}

export interface Emulation {
  readonly clients: Clients;
  /** What the clients are answered with, for other ways to it (wire/wire.ts). */
  readonly answers: Readonly<Record<keyof Clients, Answer>>;
  /** No event is under way or waiting for another try. */
  quiet(): boolean;
  /** Ends everything: timers, events, containers. */
  stop(): Promise<void>;
}

/** AWS in this process, behind real SDK clients. */
export function createEmulation(options: EmulationOptions): Emulation {
  const report = (error: unknown): void =>
    options.report === undefined
      ? process.emitWarning(error instanceof Error ? error : String(error))
      : options.report(error);
  const limited = options.limitCalls === true;
  const faults = { ...options.faults, ...(limited ? { limitCalls: true } : {}) };
  const events = createEventBus({
    clock: options.clock,
    deliver: (event) => options.deliver(event),
    report,
    deliveries: faults.deliveries === undefined ? undefined : (event) => faults.deliveries?.(event) ?? [0],
  });
  const { ecs, secretsManager } = createServices(options, {
    report,
    publish: (event) => events.publish(event),
    staleMilliseconds: faults.staleMilliseconds ?? 0,
  });
  const answers = {
    ecs: faults.limitCalls === true ? withRequestLimits(ecs.answer, options.clock) : ecs.answer,
    secretsmanager: secretsManager.answer,
  };
  return {
    answers,
    clients: makeClients({
      region: options.installation.region,
      ...(limited ? { limiter: new RateLimiter(options.clock) } : {}),
      prepare: (service, client) =>
        intercept(client, {
          service,
          answer: answers[service],
          faults,
          newId: () => options.newId(),
          turn: options.turn,
        }),
    }),
    quiet: () => events.pending === 0,
    async stop() {
      ecs.stop();
      events.stop();
      await options.runtime.close();
    },
  };
}

/** The services, which know one another only here. */
function createServices(
  options: EmulationOptions,
  ways: Pick<EcsOptions, 'report' | 'publish' | 'staleMilliseconds'>,
): { readonly ecs: Ecs; readonly secretsManager: SecretsManager } {
  const shared = {
    clock: options.clock,
    accountId: options.accountId,
    newId: () => options.newId(),
    random: () => options.random(),
  };
  const secretsManager = createSecretsManager({
    ...shared,
    region: options.installation.region,
    persistence: options.secretsPersistence,
  });
  const ecs = createEcs({
    ...shared,
    ...ways,
    speed: options.speed,
    runtime: options.runtime,
    readSecret: (id) => secretsManager.value(id),
    installation: options.installation,
    zones: options.zones,
    persistence: options.persistence,
  });
  return { ecs, secretsManager };
}
