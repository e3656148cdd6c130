import { describe, expect, test } from 'vitest';
import type { AwsEvent } from '../../functions/events/event.ts';
import { createEventBus } from '../../local/event-bus.ts';
import { ManualClock, settle } from '../support/manual-clock.ts';

const event = (id: string): AwsEvent => ({
  id,
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  account: '123456789012',
  resources: [],
  detail: { list: [1] },
});

function bus(
  options: { fails?: (id: string, attempt: number) => boolean; deliveries?: (event: AwsEvent) => number[] } = {},
) {
  const clock = new ManualClock();
  const start = clock.now();
  const delivered: [string, number][] = [];
  const attempts = new Map<string, number>();
  const reports: unknown[] = [];
  const made = createEventBus({
    clock,
    deliver: async ({ id }) => {
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      await Promise.resolve();
      if (options.fails?.(id, attempt) === true) throw new Error('handler failed');
      delivered.push([id, clock.now() - start]);
    },
    report: (error) => void reports.push(error),
    deliveries: options.deliveries,
  });
  return { bus: made, clock, delivered, attempts, reports };
}

describe('event bus', () => {
  test('delivers an event once, after the change that it tells of', async () => {
    const { bus: events, delivered } = bus();
    events.publish(event('a'));
    expect(delivered).toEqual([]);
    await settle();
    expect(delivered).toEqual([['a', 0]]);
    expect(events.pending).toBe(0);
  });

  test('delivers again when a delivery fails, later each time, without holding up others', async () => {
    const { bus: events, clock, delivered } = bus({ fails: (id, attempt) => id === 'a' && attempt < 4 });
    events.publish(event('a'));
    events.publish(event('b'));
    await settle();
    expect(events.pending).toBe(1);
    await clock.advance(60_000);
    expect(delivered).toEqual([
      ['b', 0],
      ['a', 7000],
    ]);
  });

  test('gives up after eight attempts and reports it', async () => {
    const { bus: events, clock, attempts, reports } = bus({ fails: () => true });
    events.publish(event('a'));
    await clock.advance(3_600_000);
    expect(attempts.get('a')).toBe(8);
    expect(reports).toMatchObject([
      { message: 'delivering ECS Task State Change a failed 8 times', cause: { message: 'handler failed' } },
    ]);
    expect([events.pending, clock.waiting]).toEqual([0, 0]);
  });

  test('loses, doubles and delays events when it is told to', async () => {
    const plan: Record<string, number[]> = { lost: [], twice: [0, 5000], late: [3000] };
    const { bus: events, clock, delivered } = bus({ deliveries: ({ id }) => plan[id] ?? [0] });
    for (const id of ['lost', 'twice', 'late', 'plain']) events.publish(event(id));
    await clock.advance(10_000);
    expect(delivered).toEqual([
      ['twice', 0],
      ['plain', 0],
      ['late', 3000],
      ['twice', 5000],
    ]);
  });

  test('delivers what was published, whatever becomes of the object', async () => {
    const seen: unknown[] = [];
    const clock = new ManualClock();
    const events = createEventBus({
      clock,
      deliver: ({ detail }) => Promise.resolve(void seen.push(detail)),
      report: () => undefined,
    });
    const published = event('a');
    events.publish(published);
    Object.assign(published.detail as object, { list: [] });
    await settle();
    expect(seen).toEqual([{ list: [1] }]);
  });

  test('delivers nothing once it is stopped, and holds no timer', async () => {
    const { bus: events, clock, delivered } = bus({ deliveries: () => [0, 1000] });
    events.publish(event('a'));
    events.stop();
    await clock.advance(10_000);
    expect([delivered, clock.waiting, events.pending]).toEqual([[], 0, 0]);
  });
});
