import { describe, expect, test } from 'vitest';
import {
  lowerBound,
  nextStep,
  upperBound,
  type RolloutTask,
  type RolloutView,
} from '../../../../local/ecs/services/rollout.ts';

const tasks = (states: string, prefix = ''): RolloutTask[] =>
  states
    .split(' ')
    .flatMap((state, index) =>
      state === '' ? [] : [{ arn: `${prefix}${index}`, zone: `z${index % 3}`, state: state as RolloutTask['state'] }],
    );

interface Setting {
  readonly desired: number;
  readonly percent: readonly [number, number];
  readonly primary: string;
  readonly launch?: 'now' | 'later' | 'never';
  readonly old?: string;
  readonly target?: number;
}

function step({ desired, percent, primary, launch = 'now', old, target }: Setting) {
  const oldTasks = tasks(old ?? '', 'old');
  const view: RolloutView = {
    desiredCount: desired,
    minimumHealthyPercent: percent[0],
    maximumPercent: percent[1],
    batch: Infinity,
    deployments: [
      { id: 'new', launch, target: 0, tasks: tasks(primary, 'new') },
      ...(old === undefined
        ? []
        : [{ id: 'old', launch: 'now' as const, target: target ?? oldTasks.length, tasks: oldTasks }]),
    ],
  };
  const { start, stop, targets, stuck } = nextStep(view);
  return {
    start: Object.fromEntries(start.map(({ deployment, count }) => [deployment, count])),
    stop: stop.map(({ task }) => task).toSorted(),
    target: targets.get('old'),
    stuck,
  };
}

describe('bounds', () => {
  test.each([
    [4, 50, 2],
    [3, 50, 2],
    [1, 50, 1],
    [3, 0, 0],
    [7, 100, 7],
  ])('of %i desired, %i percent are at least %i', (desired, percent, least) => {
    expect(lowerBound(desired, percent)).toBe(least);
  });
  test.each([
    [4, 200, 8],
    [3, 125, 3],
    [3, 150, 4],
    [1, 100, 1],
  ])('of %i desired, %i percent are at most %i', (desired, percent, most) => {
    expect(upperBound(desired, percent)).toBe(most);
  });
});

/** The documented arithmetic, by counting: the minimum is rounded up, the maximum down. */
const counted = (desired: number, [minimum, maximum]: readonly [number, number]) => {
  const numbers = Array.from({ length: 3 * desired + 1 }, (_, index) => index);
  return {
    least: numbers.find((number) => number * 100 >= desired * minimum) ?? 0,
    most: numbers.findLast((number) => number * 100 <= desired * maximum) ?? 0,
  };
};

const windows: readonly [number, number][] = [
  [100, 200],
  [100, 125],
  [100, 101],
  [75, 125],
  [66, 134],
  [50, 150],
  [50, 100],
  [1, 100],
  [0, 100],
];

describe('the first step of a rollout', () => {
  test.each(windows.flatMap((percent) => Array.from({ length: 20 }, (_, index) => ({ percent, desired: index + 1 }))))(
    'of $desired tasks at $percent percent goes as far as it may',
    ({ percent: [minimum, maximum], desired }) => {
      const { least, most } = counted(desired, [minimum, maximum]);
      const old = Array.from({ length: desired }, () => 'healthy').join(' ');
      const taken = step({ desired, percent: [minimum, maximum], primary: '', old });
      expect(lowerBound(desired, minimum)).toBe(least);
      expect(upperBound(desired, maximum)).toBe(most);
      expect(taken.start['new'] ?? 0).toBe(Math.min(desired, most - least));
      expect(taken.stop).toHaveLength(desired - least);
      expect(taken.stuck).toBe(least === desired && most === desired);
    },
  );
});

describe('next step', () => {
  test('fills a new service', () => {
    expect(step({ desired: 3, percent: [100, 200], primary: '' })).toMatchObject({ start: { new: 3 }, stop: [] });
  });

  test('waits while launches are slowed down, and starts nothing after a failure', () => {
    expect(step({ desired: 3, percent: [100, 200], primary: '', launch: 'later' }).start).toEqual({});
    expect(step({ desired: 3, percent: [100, 200], primary: '', launch: 'never' }).start).toEqual({});
  });

  test('stops as many old tasks as new ones are healthy, when all have to stay', () => {
    const rolling = { desired: 4, percent: [100, 200], primary: 'healthy running healthy pending' } as const;
    const old = 'healthy healthy healthy healthy';
    expect(step({ ...rolling, old })).toMatchObject({ start: {}, target: 2 });
    expect(step({ ...rolling, old }).stop).toHaveLength(2);
  });

  test('gives up an old task that is missing before one that runs', () => {
    const rolling = { desired: 2, percent: [100, 200], primary: 'healthy pending', old: 'healthy', target: 2 } as const;
    expect(step(rolling)).toMatchObject({ stop: [], start: {}, target: 1 });
  });

  test('replaces an old task that is missing by one of its own deployment', () => {
    const rolling = { desired: 2, percent: [100, 200], primary: 'pending pending', old: 'healthy', target: 2 } as const;
    expect(step(rolling)).toMatchObject({ start: { old: 1 }, target: 2 });
  });

  test('leaves the old tasks alone when the new deployment has failed', () => {
    const failed = {
      desired: 2,
      percent: [0, 200],
      primary: 'pending',
      launch: 'never',
      old: 'healthy healthy',
    } as const;
    expect(step(failed)).toMatchObject({ start: {}, stop: [], target: 2 });
  });

  test('stops everything of a failed deployment that is scaled to 0', () => {
    const failed = { desired: 0, percent: [100, 200], primary: 'pending', launch: 'never', old: 'healthy' } as const;
    expect(step(failed).stop).toEqual(['new0', 'old0']);
  });

  test('scales in by what is least needed', () => {
    expect(
      step({ desired: 1, percent: [100, 200], primary: 'healthy pending healthy unhealthy running' }).stop,
    ).toEqual(['new1', 'new2', 'new3', 'new4']);
  });

  test('starts the replacement of an unhealthy task at once where there is room', () => {
    const room = { desired: 2, percent: [100, 200], primary: 'unhealthy unhealthy' } as const;
    expect(step(room)).toMatchObject({ start: { new: 2 }, stop: ['new0', 'new1'] });
  });

  test('stops unhealthy tasks one at a time where there is none', () => {
    const full = { desired: 2, percent: [50, 100] } as const;
    expect(step({ ...full, primary: 'unhealthy unhealthy' })).toMatchObject({ start: { new: 1 }, stop: ['new0'] });
    expect(step({ ...full, primary: 'unhealthy pending' })).toMatchObject({ start: {}, stop: [] });
  });

  test.each([
    [2, 75, 100],
    [3, 100, 125],
    [1, 100, 199],
  ])('is stuck with %i desired and %i to %i percent', (desired, minimum, maximum) => {
    const old = Array.from({ length: desired }, () => 'healthy').join(' ');
    expect(step({ desired, percent: [minimum, maximum], primary: '', old })).toMatchObject({
      start: {},
      stop: [],
      stuck: true,
    });
  });

  test('is not stuck while a task is on its way', () => {
    expect(step({ desired: 2, percent: [75, 100], primary: '', old: 'healthy pending' }).stuck).toBe(false);
  });
});

/** A service under chance: tasks become healthy, unhealthy or vanish, and somebody deploys and scales. */
class Chance {
  desired = 3;
  percent: [number, number] = [100, 200];
  deployments: { id: string; target: number; tasks: RolloutTask[] }[] = [{ id: 'd0', target: 0, tasks: [] }];
  private seed: number;
  private count = 0;

  constructor(seed: number) {
    this.seed = seed + 1;
  }

  below(limit: number): number {
    this.seed = (this.seed * 48_271) % 2_147_483_647;
    return this.seed % limit;
  }

  get all(): RolloutTask[] {
    return this.deployments.flatMap((each) => each.tasks);
  }

  live = (): number => this.all.length;
  healthy = (): number => this.all.filter(({ state }) => state === 'healthy').length;

  step(): { started: number; stopped: number; stuck: boolean } {
    const result = nextStep({
      desiredCount: this.desired,
      minimumHealthyPercent: this.percent[0],
      maximumPercent: this.percent[1],
      batch: Infinity,
      deployments: this.deployments.map((each) => ({ ...each, launch: 'now' })),
    });
    const gone = new Set(result.stop.map(({ task }) => task));
    for (const each of this.deployments) {
      each.tasks = each.tasks.filter(({ arn }) => !gone.has(arn));
      each.target = result.targets.get(each.id) ?? 0;
    }
    for (const { deployment, count } of result.start)
      for (let index = 0; index < count; index += 1) {
        this.count += 1;
        const started = { arn: `t${this.count}`, zone: `z${this.below(3)}`, state: 'pending' as const };
        this.deployments.find(({ id }) => id === deployment)?.tasks.push(started);
      }
    this.deployments = this.deployments.filter(
      ({ target, tasks: left }, index) => index === 0 || target > 0 || left.length > 0,
    );
    return { started: result.start.length, stopped: gone.size, stuck: result.stuck };
  }

  become(state: (task: RolloutTask) => RolloutTask['state'] | undefined): void {
    for (const each of this.deployments)
      each.tasks = each.tasks.flatMap((task) => {
        const next = state(task);
        return next === undefined ? [] : [{ ...task, state: next }];
      });
  }

  deploy(): void {
    const [previous] = this.deployments;
    if (previous !== undefined) previous.target = previous.tasks.length;
    this.count += 1;
    this.deployments.unshift({ id: `d${this.count}`, target: 0, tasks: [] });
  }
}

const percentages: [number, number][] = [
  [100, 200],
  [50, 100],
  [0, 100],
  [0, 200],
  [100, 150],
  [67, 134],
  [75, 100],
];

function disturb(service: Chance): void {
  service.become((task) => {
    const dice = service.below(20);
    if (dice === 0) return undefined;
    if (dice === 1 || task.state === 'unhealthy') return 'unhealthy';
    return dice < 12 ? 'healthy' : task.state;
  });
  if (service.below(6) === 0) service.deploy();
  if (service.below(6) === 0) service.desired = service.below(6);
}

const seeds = Array.from({ length: 300 }, (_, seed) => seed);

describe('any service', () => {
  test('keeps its bounds, whatever happens', () => {
    for (const seed of seeds) {
      const service = new Chance(seed);
      service.percent = percentages[seed % percentages.length] ?? [100, 200];
      for (let turn = 0; turn < 40; turn += 1) {
        const [live, healthy] = [service.live(), service.healthy()];
        service.step();
        const [minimum, maximum] = service.percent;
        expect(service.live(), `chance ${seed}`).toBeLessThanOrEqual(
          Math.max(live, upperBound(service.desired, maximum)),
        );
        const least = Math.min(healthy, lowerBound(service.desired, minimum));
        expect(service.healthy(), `chance ${seed}`).toBeGreaterThanOrEqual(least);
        disturb(service);
      }
    }
  });

  test('arrives at what was asked for, once nothing bad happens any more', () => {
    for (const seed of seeds) {
      const service = new Chance(seed);
      service.percent = percentages[seed % percentages.length] ?? [100, 200];
      for (let turn = 0; turn < 40; turn += 1) {
        service.step();
        disturb(service);
      }
      let last = service.step();
      for (let turn = 0; turn < 60; turn += 1) {
        service.become(() => 'healthy');
        last = service.step();
      }
      const [minimum, maximum] = service.percent;
      const { desired } = service;
      const arrived = service.deployments.length === 1 && service.live() === desired && service.healthy() === desired;
      // Neither may one more start nor one of them stop.
      const impossible = lowerBound(desired, minimum) === desired && upperBound(desired, maximum) === desired;
      expect(arrived || (last.stuck && impossible), `chance ${seed}`).toBe(true);
    }
  });
});

describe('a service of many tasks', () => {
  const many = (count: number, state: RolloutTask['state']): RolloutTask[] =>
    Array.from({ length: count }, (_, index) => ({ arn: `t${index}`, zone: `z${index % 3}`, state }));
  const view = (desiredCount: number, present: RolloutTask[]): RolloutView => ({
    desiredCount,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    batch: 25,
    deployments: [{ id: 'new', launch: 'now', target: 0, tasks: present }],
  });

  test('is started in batches', () => {
    expect(nextStep(view(5000, []))).toMatchObject({ start: [{ count: 25 }], unfinished: true });
    expect(nextStep(view(5000, many(4990, 'healthy')))).toMatchObject({ start: [{ count: 10 }], unfinished: false });
  });

  test('is stopped in batches', () => {
    const { stop, unfinished } = nextStep(view(0, many(5000, 'healthy')));
    expect(stop).toHaveLength(25);
    expect(unfinished).toBe(true);
  });

  test('is replaced in batches when its tasks are unhealthy', () => {
    const { start, stop, unfinished } = nextStep(view(5000, many(5000, 'unhealthy')));
    expect(start).toEqual([{ deployment: 'new', count: 25, replacing: 25 }]);
    expect(stop).toHaveLength(25);
    expect(unfinished).toBe(true);
  });
});
