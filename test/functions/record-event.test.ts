import { describe, expect, test } from 'vitest';
import { recordEvent, type EventDraft } from '../../functions/record-event.ts';
import { configMap, type ConfigMap } from '../../kubernetes/kinds/core/config-map.ts';
import { event, type Event } from '../../kubernetes/kinds/core/event.ts';
import { namespace } from '../../kubernetes/kinds/core/namespace.ts';
import { startCluster, type Cluster } from '../support/cluster.ts';

const draft: EventDraft = {
  type: 'Normal',
  reason: 'Started',
  message: 'Started container app',
  component: 'kubelet',
  occurrence: 'first',
};

async function withObject(): Promise<{ cluster: Cluster; object: ConfigMap; events: () => Promise<Event[]> }> {
  const cluster = await startCluster();
  const metadata = { name: 'about', namespace: 'default' };
  const object = await cluster.create(configMap, { kind: 'ConfigMap', apiVersion: 'v1', metadata });
  return { cluster, object, events: () => cluster.list(event) };
}

describe('an event', () => {
  test('says no more than somebody reads', async () => {
    const { cluster, object, events } = await withObject();
    await recordEvent(cluster.context, object, { ...draft, message: 'x'.repeat(1_000_000) });
    expect((await events())[0]?.message).toBe(`${'x'.repeat(4096)}...`);
  });

  test('that cannot be stored is reported, and does not hold up whoever tells of it', async () => {
    const { cluster, object } = await withObject();
    const reported: unknown[] = [];
    const context = { ...cluster.context, report: (error: unknown) => void reported.push(error) };
    await recordEvent(context, { ...object, metadata: { ...object.metadata, name: 'a/b' } }, draft);
    expect(reported).toEqual([expect.objectContaining({ message: 'telling about ConfigMap default/a/b' })]);
  });

  test('names the object that it is about', async () => {
    const { cluster, object, events } = await withObject();
    await recordEvent(cluster.context, object, { ...draft, fieldPath: 'spec.containers{app}' });
    const [found] = await events();
    expect(found).toMatchObject({
      metadata: { name: expect.stringMatching(/^about\.[0-9a-f]{16}$/), namespace: 'default' },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'default',
        name: 'about',
        uid: object.metadata.uid,
        fieldPath: 'spec.containers{app}',
      },
      type: 'Normal',
      reason: 'Started',
      message: 'Started container app',
      count: 1,
      source: { component: 'kubelet' },
      reportingComponent: 'kubelet',
      firstTimestamp: '2026-01-01T00:00:00Z',
    });
  });

  test('that is told again is counted, once for each occurrence', async () => {
    const { cluster, object, events } = await withObject();
    await recordEvent(cluster.context, object, draft);
    await recordEvent(cluster.context, object, draft);
    await cluster.pass(5);
    await recordEvent(cluster.context, object, { ...draft, occurrence: 'second' });
    await recordEvent(cluster.context, object, { ...draft, occurrence: 'second' });
    const [found, ...others] = await events();
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      count: 2,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:00:05Z',
    });
  });

  test('in other words is another one', async () => {
    const { cluster, object, events } = await withObject();
    await recordEvent(cluster.context, object, draft);
    await recordEvent(cluster.context, object, { ...draft, message: 'Started container other' });
    await recordEvent(cluster.context, object, { ...draft, type: 'Warning' });
    expect(await events()).toHaveLength(3);
  });

  test.each(['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started'])(
    'of a pod that says %s is listed in the order of its life',
    async (reason) => {
      const { cluster, object, events } = await withObject();
      const stages = ['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started'];
      for (const each of [reason, ...stages]) await recordEvent(cluster.context, object, { ...draft, reason: each });
      expect((await events()).map((found) => found.reason)).toEqual(stages);
    },
  );

  test('goes after an hour without being told again', async () => {
    const { cluster, object, events } = await withObject();
    await recordEvent(cluster.context, object, draft);
    await cluster.pass(3000);
    await recordEvent(cluster.context, object, { ...draft, occurrence: 'second' });
    await cluster.pass(3000);
    expect(await events()).toHaveLength(1);
    await cluster.pass(1200);
    expect(await events()).toEqual([]);
  });

  test('is not made in a namespace that is gone or going', async () => {
    const { cluster, object } = await withObject();
    const metadata = { name: 'shop' };
    await cluster.create(namespace, { kind: 'Namespace', apiVersion: 'v1', metadata });
    await cluster.stop();
    await cluster.delete(namespace, 'shop');
    const inside = { ...object, metadata: { ...object.metadata, namespace: 'shop' } };
    await recordEvent(cluster.context, inside, draft);
    await recordEvent(cluster.context, { ...inside, metadata: { ...inside.metadata, namespace: 'nowhere' } }, draft);
    const found = await cluster.store.list({ resource: 'events' });
    expect(found.ok && found.items).toEqual([]);
  });
});
