import type { Clock } from '../../kubernetes/clock.ts';
import type { EcsState } from './state.ts';

interface Past {
  readonly at: number;
  readonly state: EcsState;
}

/** The state as it was: for reads that are late. Keeps nothing when they are not. */
export class History {
  private readonly clock: Clock;
  private readonly staleMilliseconds: number;
  /** Oldest first; none but the first is older than what reads may show. */
  private past: Past[] = [];
  /** A change that is still to be copied, with those that come with it. */
  private changed: Past | undefined;

  constructor(clock: Clock, staleMilliseconds: number) {
    this.clock = clock;
    this.staleMilliseconds = staleMilliseconds;
  }

  /** To be called after each change. */
  record(state: EcsState): void {
    if (this.staleMilliseconds === 0) return;
    if (this.changed === undefined) queueMicrotask(() => this.copy());
    this.changed = { at: this.clock.now(), state };
  }

  private copy(): void {
    if (this.changed === undefined) return;
    const { at, state } = this.changed;
    this.changed = undefined;
    if (this.past.at(-1)?.at === at) this.past.pop();
    this.past.push({ at, state: copyOf(state) });
    this.forget();
  }

  /** The newest state that is old enough; the first one there was, when none is. */
  view(state: EcsState): EcsState {
    if (this.staleMilliseconds === 0) return state;
    this.copy();
    this.forget();
    return this.past[0]?.state ?? state;
  }

  private forget(): void {
    const before = this.clock.now() - this.staleMilliseconds;
    const newest = this.past.findLastIndex(({ at }) => at <= before);
    if (newest > 0) this.past.splice(0, newest);
  }
}

/** Shares what does not change any more, which is most of it: tasks that have stopped, and the content of definitions. */
function copyOf({ tasks, tokens, taskDefinitions, ...rest }: EcsState): EcsState {
  return {
    ...structuredClone(rest),
    tasks: new Map(
      [...tasks].map(([arn, task]) => [arn, task.lastStatus === 'STOPPED' ? task : structuredClone(task)] as const),
    ),
    tokens: new Map(tokens),
    taskDefinitions: new Map(
      [...taskDefinitions].map(([family, revisions]) => [family, revisions.map((each) => ({ ...each }))] as const),
    ),
  };
}
