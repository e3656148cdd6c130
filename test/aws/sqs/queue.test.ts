import { describe, expect, test } from 'vitest';
import { messageGroup, parseMessage } from '../../../aws/sqs/message.ts';
import { again, done } from '../../../kubernetes/queue/queue.ts';
import { describeQueue } from '../../conformance/queue.ts';
import { emulateQueues, maximumReceives, visibilityTimeoutSeconds } from '../../support/sqs.ts';

const conforming = (options: Parameters<typeof emulateQueues>[0] = {}) => {
  const queues = emulateQueues(options);
  return {
    ...queues,
    start: queues.start,
    pass: (seconds: number) => queues.clock.advance(seconds * 1000),
  };
};

describeQueue('SqsQueue', async () => conforming());

// Each call is done and its answer lost the first time; the SDK sends it again.
const losing = {
  call: ({ attempt }: { attempt: number }) => (attempt === 1 ? ('lost-answer' as const) : undefined),
};

describe('SqsQueue', () => {
  test('sends once though every first answer is lost', async () => {
    const queues = conforming({
      faults: { call: (call) => (call.operation === 'SendMessage' ? losing.call(call) : undefined) },
    });
    const worked: string[] = [];
    queues.start(async (key) => {
      worked.push(key);
      return done;
    });
    await queues.queue.enqueue('a');
    await queues.queue.enqueue('b');
    await queues.pass(60);
    expect(worked.toSorted()).toEqual(['a', 'b']);
  });

  test('works once on a delayed key whose message comes twice', async () => {
    let deliveries = 0;
    const queues = conforming({ doubles: () => (deliveries += 1) === 1 });
    const worked: string[] = [];
    queues.start(async (key) => {
      worked.push(key);
      return done;
    });
    await queues.queue.enqueue('a', { delaySeconds: 10 });
    await queues.pass(200);
    expect(deliveries).toBeGreaterThan(1);
    expect(worked).toEqual(['a']);
  });

  test('waits for hours in steps of a quarter of an hour', async () => {
    const queues = conforming();
    const worked: number[] = [];
    const start = queues.clock.now();
    queues.start(async () => {
      worked.push((queues.clock.now() - start) / 1000);
      return worked.length < 3 ? again(5000) : done;
    });
    await queues.queue.enqueue('a', { delaySeconds: 2000.5 });
    await queues.pass(20_000);
    expect(worked).toEqual([2001, 7001, 12_001]);
  });

  test.for([0, 1, 5])(
    'a process that dies of a key takes nobody along: it is set aside, the others are worked on (place %i)',
    async (place) => {
      const queues = conforming();
      const finished: string[] = [];
      let deaths = 0;
      const keys = ['a', 'b', 'c', 'd', 'e'].toSpliced(place, 0, 'deadly');
      for (const key of keys) await queues.queue.enqueue(key);
      queues.connect((event) => {
        let alive = true;
        return new Promise((resolve, reject) => {
          const worker = async (key: string) => {
            if (key === 'deadly') {
              deaths += 1;
              alive = false;
              reject(new Error('killed'));
              return new Promise<never>(() => {});
            }
            // The others are slower than death.
            await new Promise<void>((end) => queues.clock.after(100_000, () => alive && end()));
            finished.push(key);
            return done;
          };
          queues.work(worker, event).then(resolve, reject);
        });
      });
      await queues.pass(visibilityTimeoutSeconds * 30);
      expect(queues.setAside()).toEqual(['deadly']);
      expect(new Set(finished)).toEqual(new Set(['a', 'b', 'c', 'd', 'e']));
      expect(deaths).toBeLessThanOrEqual(queues.attempts + maximumReceives);
    },
  );

  test('a message comes again when its failure could not be noted', async () => {
    let broken = false;
    const queues = conforming({ faults: { call: () => (broken ? 'unavailable' : undefined) } });
    const worked: string[] = [];
    queues.connect(async (event) => {
      broken = worked.length === 0;
      const response = await queues.work(async (key) => {
        worked.push(key);
        if (broken) throw new Error('no');
        return done;
      }, event);
      broken = false;
      return response;
    });
    await queues.queue.enqueue('a');
    await queues.pass(visibilityTimeoutSeconds - 1);
    expect(worked).toEqual(['a']);
    await queues.pass(1);
    expect(worked).toEqual(['a', 'a']);
  });

  test('drops and reports a message that is not its own', async () => {
    const queues = conforming();
    const record = { receiptHandle: 'x', attributes: { ApproximateReceiveCount: '1' } };
    const response = await queues.work(async () => done, {
      Records: [
        { ...record, messageId: '1', body: 'nonsense' },
        { ...record, messageId: '2', body: '{"key":1}' },
      ],
    });
    expect(response).toEqual({ batchItemFailures: [] });
    expect(queues.failures.map(({ key, setAside }) => [key, setAside])).toEqual([
      ['1', true],
      ['2', true],
    ]);
  });
});

describe('messages', () => {
  test.for(['', 'null', '7', '[]', '{}', '{"key":"a"}', '{"key":"a","id":"b","failures":"0"}'])(
    'refuses %j as a message',
    (body) => {
      expect(parseMessage(body)).toBeUndefined();
    },
  );

  test('a key is its group where SQS takes it, else its hash is', () => {
    expect(messageGroup('deployments.apps/shop/web')).toBe('deployments.apps/shop/web');
    const long = messageGroup(`pods/shop/${'x'.repeat(253)}`);
    expect(long).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(messageGroup(`pods/shop/${'x'.repeat(252)}y`)).not.toBe(long);
    expect(messageGroup('a b')).toMatch(/^sha256:/);
  });
});
