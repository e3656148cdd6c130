import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { replicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import { service } from '../../../kubernetes/kinds/core/service.ts';
import { endpointSlice } from '../../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { startCluster, type Cluster } from '../../support/cluster.ts';
import { serviceOf } from '../support/manifests.ts';
import { definitionsOf, imageOf, isReady, replicaSetsOf, servicesOf, tasksOf } from '../support/observe.ts';

/** What there is in the end: names are left out, since another run has other ones. */
async function state(cluster: Cluster): Promise<object> {
  const pods = await cluster.list(podKind);
  const tombstones = await cluster.store.list({ resource: 'tombstones.skiff.dev' });
  const slices = await cluster.list(endpointSlice);
  return {
    deployments: (await cluster.list(deployment)).map(({ status, metadata }) => ({
      generation: status?.observedGeneration === metadata.generation,
      counts: [status?.replicas, status?.updatedReplicas, status?.availableReplicas],
      conditions: status?.conditions?.map(({ type, reason }) => `${type} ${reason}`),
    })),
    controllers: (await cluster.list(replicationController)).map(({ status }) => status?.readyReplicas),
    replicaSets: (await replicaSetsOf(cluster)).map((each) => [
      imageOf(each),
      each.spec.replicas,
      each.status?.readyReplicas,
      each.metadata.annotations?.['deployment.kubernetes.io/revision'],
    ]),
    pods: pods.map((pod) => [imageOf(pod), isReady(pod), pod.metadata.deletionTimestamp !== undefined]),
    endpoints: slices.map(({ endpoints }) => endpoints?.map(({ conditions }) => conditions?.ready)),
    services: (await servicesOf(cluster)).map(({ desiredCount, deployments }) => [desiredCount, deployments?.length]),
    tasks: (await tasksOf(cluster)).length,
    podsOfTasks: new Set(pods.map(({ notes }) => notes['task'])).size,
    definitions: (await definitionsOf(cluster)).length,
    tombstones: tombstones.ok ? tombstones.items.length : undefined,
  };
}

/** Something that happens to a cluster with a Service that selects `app: web`. */
export interface Story {
  readonly name: string;
  prepare?(cluster: Cluster): Promise<unknown>;
  act(cluster: Cluster): Promise<unknown>;
}

/** Longer than anything that is waited for after a lost event, shorter than the resync. */
const longEnough = 45;

async function tell(story: Story, crashAfter: number): Promise<{ readonly end: object; readonly died: boolean }> {
  const cluster = await startCluster();
  await cluster.create(service, serviceOf());
  await story.prepare?.(cluster);
  await cluster.pass(8);
  cluster.life.dieAfter(crashAfter);
  await story.act(cluster);
  for (let passed = 0; passed < longEnough && !cluster.life.died; passed += 1) await cluster.pass(1);
  const { died } = cluster.life;
  if (died) {
    await cluster.stop();
    // Events that come while nobody listens are lost.
    await cluster.clock.advance(3000);
    await cluster.start();
  }
  if (died) await cluster.pass(longEnough);
  expect(cluster.failures).toEqual([]);
  const end = await state(cluster);
  await cluster.stop();
  await cluster.emulation.stop();
  return { end, died };
}

/**
 * Tells each story once undisturbed, and then again and again with a process that dies after its first write, its second,
 * and so on, to AWS or to the store, and is started again: the end has to be the same. Stories stand in several files, so
 * that they can be told at the same time.
 */
export function endsTheSame(stories: readonly Story[]): void {
  describe('a process that dies after any write and is started again', () => {
    test.each(stories)('comes to the same end when $name', { timeout: 300_000 }, async (story) => {
      const { end: undisturbed } = await tell(story, Number.POSITIVE_INFINITY);
      let writes = 1;
      for (; ; writes += 1) {
        const { end, died } = await tell(story, writes);
        expect(end, `died after write ${writes}`).toEqual(undisturbed);
        if (!died) break;
      }
      expect(writes).toBeGreaterThan(3);
    });
  });
}
