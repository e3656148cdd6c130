import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isTransient } from '../../aws/errors.ts';
import { bucketOf, RateLimiter, TokenBucket } from '../../aws/rate.ts';
import { operations } from '../../aws/operations.ts';
import { emulateAws } from '../support/emulation.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { taskDefinitionOf } from '../conformance/ecs-fixture.ts';

describe('a token bucket', () => {
  test('lets a burst through, and the rest at its rate', () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 4 }, new ManualClock());
    expect([1, 2, 3, 4].map(() => bucket.take())).toEqual([0, 0, 250, 500]);
  });

  test('fills again, to its burst and no further', async () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket({ burst: 2, perSecond: 1 }, clock);
    bucket.take();
    bucket.take();
    await clock.advance(1000);
    expect([bucket.take(), bucket.take()]).toEqual([0, 1000]);
    await clock.advance(60_000);
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 1000]);
  });

  test('says what a call would wait without taking anything', () => {
    const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, new ManualClock());
    expect([bucket.wait(), bucket.wait(), bucket.take(), bucket.wait(), bucket.wait()]).toEqual([0, 0, 0, 1000, 1000]);
  });
});

/** Calls an operation so many times at once; what became of the calls so far. */
function calls(count: number, call: () => Promise<unknown>): { done: number; readonly failed: unknown[] } {
  const outcome = { done: 0, failed: [] as unknown[] };
  for (let index = 0; index < count; index += 1)
    void call().then(
      () => (outcome.done += 1),
      (error: unknown) => outcome.failed.push(error),
    );
  return outcome;
}

describe('the rate limiter', () => {
  test('lets registrations through as ECS does: twenty at once, then one a second', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock);
    const outcome = calls(25, () => limiter.acquire('RegisterTaskDefinition'));
    await clock.advance(0);
    expect(outcome).toEqual({ done: 20, failed: [] });
    await clock.advance(3000);
    expect(outcome).toEqual({ done: 23, failed: [] });
    await clock.advance(2000);
    expect(outcome).toEqual({ done: 25, failed: [] });
  });

  test('refuses, as ECS would, who had to wait for more than five seconds, and takes no token for it', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock);
    const outcome = calls(30, () => limiter.acquire('RegisterTaskDefinition'));
    await clock.advance(0);
    expect(outcome.failed).toHaveLength(5);
    for (const error of outcome.failed) {
      expect(error).toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
      expect(isTransient(error)).toBe(true);
    }
    await clock.advance(5000);
    expect(outcome.done).toBe(25);
    const later = calls(1, () => limiter.acquire('RegisterTaskDefinition'));
    await clock.advance(1000);
    expect(later.done).toBe(1);
  });

  test('counts what ECS counts together: registering and deregistering, but not describing', async () => {
    const clock = new ManualClock();
    const limiter = new RateLimiter(clock);
    calls(20, () => limiter.acquire('RegisterTaskDefinition'));
    const waiting = calls(1, () => limiter.acquire('DeregisterTaskDefinition'));
    const free = calls(1, () => limiter.acquire('DescribeTaskDefinition'));
    await clock.advance(0);
    expect([waiting.done, free.done]).toEqual([0, 1]);
    await clock.advance(1000);
    expect(waiting.done).toBe(1);
  });

  test('knows a bucket for each operation that is called', () => {
    expect(Object.keys(bucketOf).toSorted()).toEqual([...operations.ecs].toSorted());
  });
});

describe('clients in front of an ECS that limits calls', () => {
  const register = (family: string) =>
    new RegisterTaskDefinitionCommand(taskDefinitionOf(family, { app: { image: 'nginx' } }));

  test('wait for their tokens, and so are never refused by it', async () => {
    const { clients, clock, emulation } = emulateAws({ limitCalls: true });
    onTestFinished(() => emulation.stop());
    const outcome = calls(25, () => clients.ecs.send(register('web')));
    await clock.advance(0);
    expect(outcome).toEqual({ done: 20, failed: [] });
    await clock.advance(5000);
    expect(outcome).toEqual({ done: 25, failed: [] });
  });

  test('without waiting are refused as by ECS: twenty registrations pass, and one more a second later', async () => {
    const { clients, clock, emulation } = emulateAws({ faults: { limitCalls: true } });
    onTestFinished(() => emulation.stop());
    const outcome = calls(23, () => clients.ecs.send(register('web')));
    await clock.advance(0);
    expect(outcome.done).toBe(20);
    expect(outcome.failed).toMatchObject(
      Array.from({ length: 3 }, () => ({ name: 'ThrottlingException', message: 'Rate exceeded' })),
    );
    await clock.advance(1000);
    expect((await clients.ecs.send(register('web'))).taskDefinition?.revision).toBe(21);
  });
});
