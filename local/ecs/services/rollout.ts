/** A task as the rolling deployment sees it; tasks that are being stopped are no part of it. */
export interface RolloutTask {
  readonly arn: string;
  readonly zone: string;
  readonly state: 'pending' | 'running' | 'healthy' | 'unhealthy';
  /** Not to be stopped unless it is unhealthy (UpdateTaskProtection). */
  readonly protected?: boolean;
}

export interface RolloutDeployment {
  readonly id: string;
  /** `later`: its launches are being slowed down; `never`: it has failed. */
  readonly launch: 'now' | 'later' | 'never';
  /** How many tasks it is to have. Of the PRIMARY one this is the service's desired count. */
  readonly target: number;
  /** Oldest first. */
  readonly tasks: readonly RolloutTask[];
}

export interface RolloutView {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** How many tasks one step may start, and how many it may stop. */
  readonly batch: number;
  /** The first is PRIMARY, the others are being replaced. */
  readonly deployments: readonly RolloutDeployment[];
}

export interface RolloutStep {
  readonly start: readonly { readonly deployment: string; readonly count: number; readonly replacing: number }[];
  readonly stop: readonly { readonly task: string; readonly why: 'scaling' | 'unhealthy' }[];
  /** The new targets of the deployments that are being replaced. */
  readonly targets: ReadonlyMap<string, number>;
  /** Nothing can be started or stopped, and time will not change that. */
  readonly stuck: boolean;
  /** There was more to do than one step may. */
  readonly unfinished: boolean;
}

/** At least so many tasks stay healthy: the percentage of the desired count, rounded up. */
export const lowerBound = (desiredCount: number, minimumHealthyPercent: number): number =>
  Math.ceil((desiredCount * minimumHealthyPercent) / 100);

/** At most so many tasks are RUNNING or on their way there: the percentage of the desired count, rounded down. */
export const upperBound = (desiredCount: number, maximumPercent: number): number =>
  Math.floor((desiredCount * maximumPercent) / 100);

/**
 * The next step of a rolling deployment: which tasks to start and to stop now. Called again after every change, it
 * takes a service from any state to `desiredCount` healthy tasks of the PRIMARY deployment, without ever leaving the
 * bounds (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html).
 */
export function nextStep(view: RolloutView): RolloutStep {
  const step = new Step(view);
  step.retire();
  step.scaleIn();
  step.replaceUnhealthy();
  step.startMissing();
  return step.result();
}

/** Which to stop first: those of which least is lost. */
const order = { pending: 0, unhealthy: 1, running: 2, healthy: 3 };

interface Group {
  readonly id: string;
  readonly launch: RolloutDeployment['launch'];
  target: number;
  tasks: RolloutTask[];
}

class Step {
  private readonly view: RolloutView;
  private readonly primary: Group | undefined;
  private readonly old: Group[];
  private readonly lower: number;
  private readonly upper: number;
  private readonly starts = new Map<string, { count: number; replacing: number }>();
  private unfinished = false;
  private readonly stops: { task: string; why: 'scaling' | 'unhealthy' }[] = [];

  constructor(view: RolloutView) {
    this.view = view;
    const [primary, ...old] = view.deployments.map((each) => ({ ...each, tasks: [...each.tasks] }));
    this.primary = primary;
    this.old = old;
    this.lower = lowerBound(view.desiredCount, view.minimumHealthyPercent);
    this.upper = upperBound(view.desiredCount, view.maximumPercent);
  }

  /**
   * Takes tasks away from the deployments that are being replaced, as far as what remains of them and the healthy tasks
   * of the PRIMARY one reach the lower bound: first tasks that are not healthy, then those that are missing anyway,
   * then healthy ones. A deployment that failed without a rollback leaves the others as they are.
   */
  retire(): void {
    if (this.primary === undefined || (this.primary.launch === 'never' && this.view.desiredCount > 0)) return;
    const kept = this.old.reduce((sum, group) => sum + group.target, 0);
    let budget = kept + Math.min(healthyOf(this.primary), this.view.desiredCount) - this.lower;
    for (const one of ['unready', 'missing', 'healthy'] as const)
      for (const group of this.old.toReversed())
        while (budget > 0 && group.target > 0 && this.mayStop() && this.retireOne(group, one)) {
          group.target -= 1;
          budget -= 1;
        }
  }

  /** Gives up one task of the group, if it has one of that sort that can go. */
  private retireOne(group: Group, sort: 'unready' | 'missing' | 'healthy'): boolean {
    if (sort === 'missing') return group.target > group.tasks.length;
    const task = this.leastNeeded(group);
    if (task === undefined || (sort === 'unready' && task.state === 'healthy')) return false;
    this.remove(group, task, 'scaling');
    return true;
  }

  /** Stops what the PRIMARY deployment has too much. */
  scaleIn(): void {
    if (this.primary === undefined) return;
    for (;;) {
      const task = this.leastNeeded(this.primary);
      if (task === undefined || this.primary.tasks.length <= this.view.desiredCount || !this.mayStop()) return;
      this.remove(this.primary, task, 'scaling');
    }
  }

  /** By tasks of the same deployment, started first where the upper bound leaves room, else one at a time. */
  replaceUnhealthy(): void {
    for (const group of this.groups()) {
      if (group.launch === 'never') continue;
      for (const task of group.tasks.filter(({ state }) => state === 'unhealthy')) {
        if (!this.mayStop()) return;
        const room = this.room() > 0 && group.launch === 'now' && this.mayStart() > 0;
        if (!room && this.count('pending') > 0) break;
        this.remove(group, task, 'unhealthy');
        if (room) this.start(group, { count: 1, replacing: 1 });
        else break;
      }
    }
  }

  /** Those that are being replaced are kept at their target, so that a bad revision cannot take a good one's place. */
  startMissing(): void {
    for (const group of [...this.old, ...(this.primary === undefined ? [] : [this.primary])]) {
      if (group.launch !== 'now') continue;
      const target = group === this.primary ? this.view.desiredCount : group.target;
      const missing = Math.min(target - group.tasks.length - this.started(group), this.room());
      const count = Math.min(missing, this.mayStart());
      if (count < missing) this.unfinished = true;
      if (count > 0) this.start(group, { count, replacing: 0 });
    }
  }

  result(): RolloutStep {
    return {
      start: [...this.starts].map(([deployment, { count, replacing }]) => ({ deployment, count, replacing })),
      stop: this.stops,
      targets: new Map(this.old.map(({ id, target }) => [id, target])),
      stuck: this.isStuck(),
      unfinished: this.unfinished,
    };
  }

  private mayStart(): number {
    return this.view.batch - [...this.starts.values()].reduce((sum, { count }) => sum + count, 0);
  }

  private mayStop(): boolean {
    if (this.stops.length < this.view.batch) return true;
    this.unfinished = true;
    return false;
  }

  private isStuck(): boolean {
    if (this.starts.size > 0 || this.stops.length > 0 || this.primary?.launch !== 'now') return false;
    const settled = this.groups().every(({ tasks }) => tasks.every(({ state }) => state === 'healthy'));
    const finished =
      this.primary.tasks.length === this.view.desiredCount && this.old.every(({ target }) => target === 0);
    return settled && !finished;
  }

  private groups(): Group[] {
    return this.primary === undefined ? this.old : [this.primary, ...this.old];
  }

  private count(state: RolloutTask['state']): number {
    const waiting = [...this.starts.values()].reduce((sum, { count }) => sum + count, 0);
    const found = this.groups().flatMap(({ tasks }) => tasks.filter((task) => task.state === state)).length;
    return state === 'pending' ? found + waiting : found;
  }

  private started(group: Group): number {
    return this.starts.get(group.id)?.count ?? 0;
  }

  private room(): number {
    const live = this.groups().reduce((sum, group) => sum + group.tasks.length + this.started(group), 0);
    return this.upper - live;
  }

  private start(group: Group, { count, replacing }: { count: number; replacing: number }): void {
    const before = this.starts.get(group.id) ?? { count: 0, replacing: 0 };
    this.starts.set(group.id, { count: before.count + count, replacing: before.replacing + replacing });
  }

  private remove(group: Group, task: RolloutTask, why: 'scaling' | 'unhealthy'): void {
    group.tasks = group.tasks.filter((each) => each !== task);
    this.stops.push({ task: task.arn, why });
  }

  /** Within the least useful state, from the zone with most tasks, the newest. */
  private leastNeeded(group: Group): RolloutTask | undefined {
    const crowds = new Map<string, number>();
    for (const { tasks } of this.groups()) {
      for (const { zone } of tasks) crowds.set(zone, (crowds.get(zone) ?? 0) + 1);
    }
    const crowd = ({ zone }: RolloutTask): number => crowds.get(zone) ?? 0;
    const compare = (a: RolloutTask, b: RolloutTask): number => order[a.state] - order[b.state] || crowd(b) - crowd(a);
    let found: RolloutTask | undefined;
    for (const task of group.tasks) {
      if (task.protected !== true && (found === undefined || compare(task, found) <= 0)) found = task;
    }
    return found;
  }
}

const healthyOf = (group: Group): number => group.tasks.filter(({ state }) => state === 'healthy').length;
