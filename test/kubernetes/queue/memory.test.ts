import { describe, expect, test } from 'vitest';
import { type Failure, MemoryQueue } from '../../../kubernetes/queue/memory.ts';
import { done } from '../../../kubernetes/queue/queue.ts';
import { describeQueue } from '../../conformance/queue.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const open = (options: { concurrency?: number; attempts?: number } = {}) => {
  const clock = new ManualClock();
  const failures: Failure[] = [];
  const queue = new MemoryQueue({ clock, report: (failure) => failures.push(failure), ...options });
  return { clock, failures, queue };
};

describeQueue('MemoryQueue', async () => {
  const { clock, failures, queue } = open({ attempts: 7 });
  return {
    queue,
    attempts: 7,
    start: (worker) => queue.start(worker),
    pass: (seconds) => clock.advance(seconds * 1000),
    stop: () => queue.stop(),
    setAside: () => failures.filter(({ setAside }) => setAside).map(({ key }) => key),
  };
});

describe('MemoryQueue', () => {
  test('works on no more keys at once than it is told', async () => {
    const { clock, queue } = open({ concurrency: 2 });
    let atWork = 0;
    let most = 0;
    queue.start(async () => {
      atWork += 1;
      most = Math.max(most, atWork);
      await new Promise((resolve) => setImmediate(resolve));
      atWork -= 1;
      return done;
    });
    for (const key of ['a', 'b', 'c', 'd', 'e']) await queue.enqueue(key);
    await queue.idle();
    await clock.advance(0);
    expect({ atWork, most }).toEqual({ atWork: 0, most: 2 });
  });

  test('is idle when nothing is due, though something is to come', async () => {
    const { clock, queue } = open();
    const worked: string[] = [];
    queue.start(async (key) => {
      worked.push(key);
      return done;
    });
    await queue.enqueue('now');
    await queue.enqueue('later', { delaySeconds: 10 });
    await queue.idle();
    expect(worked).toEqual(['now']);
    await clock.advance(10_000);
    await queue.idle();
    expect(worked).toEqual(['now', 'later']);
  });

  test('reports each failure with its count', async () => {
    const { clock, failures, queue } = open({ attempts: 3 });
    const error = new Error('no');
    queue.start(() => Promise.reject(error));
    await queue.enqueue('a');
    await clock.advance(60_000);
    expect(failures).toEqual([
      { key: 'a', error, failures: 1, setAside: false },
      { key: 'a', error, failures: 2, setAside: false },
      { key: 'a', error, failures: 3, setAside: true },
    ]);
  });
});
