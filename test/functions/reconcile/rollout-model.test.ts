import { expect, test } from 'vitest';
import { deployment, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import { rollingNumbers } from '../../../translate/rolling.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { randomNumbers } from '../../support/random-numbers.ts';
import { deploymentOf, template } from '../support/manifests.ts';
import { definitionsOf, imageOf, isReady, replicaSetsOf, servicesOf, tasksOf } from '../support/observe.ts';

/** Far apart: the first numbers of neighbours are nearly the same. */
const seeds = Array.from({ length: 8 }, (_, index) => (index + 1) * 104_729_111);
const steps = 14;

/** What has to be running in the end, and the numbers between which it has to stay on the way. */
class Model {
  replicas = 3;
  images = 1;
  /** By image: whether it is one that fails. */
  readonly bad = new Set<string>();
  floor = 0;
  ceiling = 4;

  nextImage(fails: boolean): string {
    this.images += 1;
    const image = `app:${this.images}`;
    if (fails) this.bad.add(image);
    return image;
  }

  /** All is settled: the bounds of the strategy hold from now on. */
  settled(): void {
    const { surge, unavailable } = rollingNumbers(this.replicas);
    this.floor = this.replicas - unavailable;
    this.ceiling = this.replicas + surge;
  }

  scaled(replicas: number): void {
    this.replicas = replicas;
    const { surge, unavailable } = rollingNumbers(replicas);
    this.floor = Math.min(this.floor, replicas - unavailable);
    this.ceiling = Math.max(this.ceiling, replicas + surge);
  }

  /** Somebody takes a pod away: so many less may be ready until all is settled again. */
  lost(): void {
    this.floor = Math.max(0, this.floor - 1);
  }
}

interface Run {
  readonly cluster: Cluster;
  readonly model: Model;
  readonly random: () => number;
}

const pick = <T>(values: readonly T[], random: () => number): T | undefined =>
  values[Math.floor(random() * values.length)];

const update = ({ cluster }: Run, change: (found: Deployment) => void): Promise<Deployment> =>
  cluster.update(deployment, 'web', change);

const operations: Readonly<Record<string, (run: Run) => Promise<unknown>>> = {
  update: (run) => {
    const image = run.model.nextImage(false);
    return update(run, (found) => void (found.spec.template = template({ image })));
  },
  'update to an image that is not there': (run) => {
    const image = run.model.nextImage(true);
    return update(run, (found) => void (found.spec.template = template({ image, simulate: 'unpullable' })));
  },
  'update to one that crashes': (run) => {
    const image = run.model.nextImage(true);
    return update(run, (found) => void (found.spec.template = template({ image, simulate: 'crash' })));
  },
  scale: (run) => {
    // Without replicas whatever it is counts as rolled out: that is told apart.
    const replicas = 1 + Math.floor(run.random() * 5);
    run.model.scaled(replicas);
    return update(run, (found) => void (found.spec.replicas = replicas));
  },
  pause: (run) => update(run, (found) => void (found.spec.paused = true)),
  resume: (run) => update(run, (found) => void (found.spec.paused = false)),
  undo: async (run) => {
    const chosen = pick(await replicaSetsOf(run.cluster), run.random);
    if (chosen === undefined) return;
    const { 'pod-template-hash': _, ...labels } = chosen.spec.template.metadata?.labels ?? {};
    await update(run, (found) => {
      found.spec.template = { ...chosen.spec.template, metadata: { ...chosen.spec.template.metadata, labels } };
    });
  },
  'delete a pod': async (run) => {
    const victim = pick((await run.cluster.list(podKind)).filter(isAlive), run.random);
    if (victim === undefined) return;
    if (isReady(victim)) run.model.lost();
    await run.cluster.delete(podKind, victim.metadata.name ?? '');
  },
};

const isAlive = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined;

/** Lets time pass, and looks every quarter of a second whether the bounds hold. */
async function watch({ cluster, model }: Run, seconds: number, until?: () => Promise<boolean>): Promise<boolean> {
  for (let passed = 0; passed < seconds; passed += 0.25) {
    await cluster.pass(0.25);
    const ready = (await cluster.list(podKind)).filter((pod) => isAlive(pod) && isReady(pod)).length;
    const live = await tasksOf(cluster);
    expect(ready).toBeGreaterThanOrEqual(model.floor);
    expect(live.length).toBeLessThanOrEqual(model.ceiling);
    if (until !== undefined && (await until())) return true;
  }
  return until === undefined;
}

/** Whether nothing is under way in ECS, and the Deployment has said so. */
const quiet = async ({ cluster, model }: Run): Promise<boolean> => {
  const [service] = await servicesOf(cluster);
  const pods = await cluster.list(podKind);
  const found = await cluster.get(deployment, 'web');
  return (
    service?.deployments?.length === 1 &&
    service.deployments[0]?.rolloutState === 'COMPLETED' &&
    service.runningCount === model.replicas &&
    pods.length === model.replicas &&
    pods.every((pod) => isAlive(pod) && isReady(pod)) &&
    found?.status?.observedGeneration === found?.metadata.generation
  );
};

/** What runs is the version that the spec asks for, or the last good one when that is bad, and nothing else is left. */
async function check(run: Run): Promise<void> {
  const { cluster, model } = run;
  const found = await cluster.get(deployment, 'web');
  const wanted = found?.spec.template.spec.containers[0]?.image ?? '';
  const images = new Set((await cluster.list(podKind)).map(imageOf));
  const failed = model.bad.has(wanted);
  const progressing = found?.status?.conditions?.find(({ type }) => type === 'Progressing');
  expect({
    versions: images.size,
    isWanted: images.has(wanted),
    anyBad: [...images].some((image) => model.bad.has(image ?? '')),
    failure: progressing?.reason === 'ProgressDeadlineExceeded',
  }).toEqual({ versions: 1, isWanted: !failed, anyBad: false, failure: failed });
  expect(await tasksOf(cluster)).toHaveLength(model.replicas);
  expect(await servicesOf(cluster)).toHaveLength(1);
  const recorded = (await replicaSetsOf(cluster)).flatMap(({ notes }) => notes['task-definition'] ?? []);
  expect(new Set(await definitionsOf(cluster))).toEqual(new Set(recorded));
}

test.each(seeds)(
  'whatever is done to a deployment, it becomes what its spec says (seed %i)',
  { timeout: 60_000 },
  async (seed) => {
    const cluster = await startCluster();
    const run: Run = { cluster, model: new Model(), random: randomNumbers(seed) };
    const done: string[] = [];
    await cluster.create(deployment, deploymentOf({ image: 'app:1', deployment: { replicas: run.model.replicas } }));
    expect(await watch(run, 60, () => quiet(run))).toBe(true);
    run.model.settled();
    try {
      for (let step = 0; step < steps; step += 1) {
        const [name = '', operate] = pick(Object.entries(operations), run.random) ?? [];
        done.push(name);
        await operate?.(run);
        const seconds = pick([0, 0.5, 2, 5, 15], run.random) ?? 0;
        done.push(`${seconds} s`);
        await watch(run, seconds);
        if (await quiet(run)) run.model.settled();
      }
      // Half of them end with a version that is bad.
      const last = pick(
        ['scale', 'undo', 'update to an image that is not there', 'update to one that crashes'],
        run.random,
      );
      for (const name of ['resume', last ?? '']) {
        done.push(name);
        await operations[name]?.(run);
      }
      expect(await watch(run, 120, () => quiet(run))).toBe(true);
      await watch(run, 35);
      await check(run);
      await cluster.delete(deployment, 'web');
      await cluster.pass(60);
      expect(await cluster.list(podKind)).toEqual([]);
      expect([await tasksOf(cluster), await servicesOf(cluster), await definitionsOf(cluster)]).toEqual([[], [], []]);
      expect(cluster.failures).toEqual([]);
    } catch (error) {
      throw new Error(`after ${done.join(', ')}`, { cause: error });
    }
  },
);
