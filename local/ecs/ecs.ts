import { formatTime, type Clock } from '../../kubernetes/clock.ts';
import type { AwsEvent } from '../../functions/events/event.ts';
import type { Installation } from '../../translate/installation.ts';
import type { ContainerRuntime } from '../containers/runtime.ts';
import { answerBy } from '../handlers.ts';
import type { Answer } from '../intercept.ts';
import { answered } from './handlers.ts';
import { History } from './history.ts';
import type { Persistence } from '../persistence.ts';
import { Saver } from './persistence.ts';
import { Scheduler } from './services/scheduler.ts';
import { recover } from './recover.ts';
import { type Kept, restore, stateEntries } from './snapshot.ts';
import type { EcsState } from './state.ts';
import { TaskRun } from './tasks/task-run.ts';
import type { ReadSecret } from './tasks/task-secrets.ts';
import { forgetOld } from './tasks/task-tokens.ts';
import { Timers } from './timers.ts';
import { timings } from './timing.ts';
import type { World } from './world.ts';

export interface EcsOptions {
  readonly clock: Clock;
  readonly speed: 'fast' | 'real';
  readonly runtime: ContainerRuntime;
  readonly readSecret: ReadSecret;
  readonly installation: Installation;
  readonly accountId: string;
  readonly zones: readonly string[];
  newId(): string;
  random(): number;
  publish(event: AwsEvent): void;
  report(error: unknown): void;
  readonly staleMilliseconds: number;
  readonly persistence: Persistence<Kept> | undefined;
}

export interface Ecs {
  readonly answer: Answer;
  /** Stops all timers, saves; containers are the runtime's to remove. */
  stop(): void;
}

const hour = 3_600_000;

/** ECS in this process. */
export function createEcs(options: EcsOptions): Ecs {
  const state = restore(options.persistence?.load() ?? []);
  options.persistence?.tidy(() => stateEntries(state));
  const timers = new Timers(options);
  const history = new History(options.clock, options.staleMilliseconds);
  const saver = saverOf(options, { state, timers });
  const scheduler = new Scheduler(() => world);
  let tidiedAt = options.clock.now();

  const world: World = {
    ...account(options),
    state,
    clock: options.clock,
    timing: timings[options.speed],
    runtime: options.runtime,
    readSecret: options.readSecret,
    newId: () => options.newId(),
    random: () => options.random(),
    after: (milliseconds, run) => timers.after(milliseconds, run),
    background: (work) => void work.catch((error: unknown) => options.report(error)),
    changed: (...entry) => {
      history.record(state);
      saver?.changed(entry);
    },
    publish: (event) => options.publish(envelope(options, event)),
    schedule: (arn) => scheduler.schedule(arn),
    launch: (task, definition, digests = {}) => {
      const run = new TaskRun(world, task, { definition, digests });
      runs.set(task.arn, run);
      run.begin();
    },
    stopTask: (task, stop) => runs.get(task.arn)?.stop(stop) ?? false,
  };

  const runs = recover(world);
  history.record(state);
  return {
    answer: (operation, input) => {
      if (options.clock.now() - tidiedAt > hour / 60) {
        tidiedAt = options.clock.now();
        forgetOld(state, tidiedAt);
        for (const arn of runs.keys()) if (!state.tasks.has(arn)) runs.delete(arn);
      }
      const call = { service: 'ecs', operation, input } as const;
      if (isRead(operation)) return answerBy(answered, { ...call, world: { ...world, state: history.view(state) } });
      const output = answerBy(answered, { ...call, world });
      saver?.save();
      return output;
    },
    stop: () => {
      timers.stop();
      try {
        saver?.save();
      } catch (error) {
        // A full disk does not keep the containers from being removed.
        options.report(error);
      }
    },
  };
}

const isRead = (operation: string): boolean => /^(Describe|List)/.test(operation);

const account = ({
  installation,
  accountId,
  zones,
}: EcsOptions): Pick<World, 'region' | 'accountId' | 'zones' | 'subnets'> => ({
  region: installation.region,
  accountId,
  zones,
  subnets: installation.subnets,
});

const envelope = (options: EcsOptions, event: Pick<AwsEvent, 'detail-type' | 'resources' | 'detail'>): AwsEvent => ({
  id: options.newId(),
  source: 'aws.ecs',
  time: formatTime(options.clock.now()),
  region: options.installation.region,
  account: options.accountId,
  ...event,
});

const saverOf = (
  { persistence, speed }: EcsOptions,
  { state, timers }: { state: EcsState; timers: Timers },
): Saver | undefined =>
  persistence && new Saver(persistence, { state, later: (save) => void timers.after(timings[speed].save, save) });
