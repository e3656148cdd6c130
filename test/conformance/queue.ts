import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { again, done, type Outcome, type WorkQueue, type Worker } from '../../kubernetes/queue/queue.ts';

/** One queue for one test, with time in the test's hand. */
export interface QueueUnderTest {
  readonly queue: WorkQueue;
  /** Attempts after which a key is set aside. */
  readonly attempts: number;
  /** Gives out work from now on. */
  readonly start: (worker: Worker) => void;
  /** Lets so many seconds pass, and everything happen that is due in them. */
  readonly pass: (seconds: number) => Promise<void>;
  /** Ends when what is being worked on is done. */
  readonly stop: () => Promise<void>;
  /** The keys that were set aside, in order. */
  readonly setAside: () => readonly string[];
}

/** A worker whose every job is noted, and ends when the test says so. */
class Workshop {
  /** Keys in the order in which work on them began. */
  readonly begun: string[] = [];
  private readonly open = new Map<string, { end: (outcome: Outcome) => void; fail: (error: unknown) => void }>();
  /** Keys that were given out while they were being worked on. */
  readonly twice: string[] = [];

  readonly work: Worker = (key) => {
    this.begun.push(key);
    if (this.open.has(key)) this.twice.push(key);
    return new Promise<Outcome>((resolve, reject) => this.open.set(key, { end: resolve, fail: reject }));
  };

  get atWork(): string[] {
    return [...this.open.keys()].toSorted();
  }

  end(key: string, outcome: Outcome = done): void {
    this.take(key).end(outcome);
  }

  fail(key: string): void {
    this.take(key).fail(new Error(`no luck with ${key}`));
  }

  private take(key: string): { end: (outcome: Outcome) => void; fail: (error: unknown) => void } {
    const job = this.open.get(key);
    if (job === undefined) throw new Error(`${key} is not being worked on`);
    this.open.delete(key);
    return job;
  }
}

/** What every implementation of WorkQueue has to do (kubernetes/queue/queue.ts). */
export function describeQueue(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`${name} keeps the contract of WorkQueue`, () => {
    let under: QueueUnderTest;
    let queue: WorkQueue;
    let shop: Workshop;
    beforeEach(async () => {
      under = await open();
      queue = under.queue;
      shop = new Workshop();
    });
    afterEach(async () => {
      for (const key of shop.atWork) shop.end(key);
      await under.stop();
      expect(shop.twice).toEqual([]);
    });
    const begin = async (...keys: string[]): Promise<void> => {
      under.start(shop.work);
      for (const key of keys) await queue.enqueue(key);
      await under.pass(0);
    };

    test('a key is given out once', async () => {
      await begin('a');
      expect(shop.begun).toEqual(['a']);
      shop.end('a');
      await under.pass(10_000);
      expect(shop.begun).toEqual(['a']);
    });

    test('what came in before the start is given out at the start', async () => {
      await queue.enqueue('a');
      await queue.enqueue('b', { delaySeconds: 5 });
      await under.pass(60);
      await begin();
      expect(shop.begun.toSorted()).toEqual(['a', 'b']);
    });

    test('different keys are worked on at the same time', async () => {
      await begin('a', 'b', 'c');
      expect(shop.atWork).toEqual(['a', 'b', 'c']);
    });

    test('keys that wait are merged', async () => {
      for (let count = 0; count < 5; count += 1) await queue.enqueue('a');
      await begin();
      shop.end('a');
      await under.pass(10_000);
      expect(shop.begun).toEqual(['a']);
    });

    test('a key that comes in during its work is worked on again, once, and only afterwards', async () => {
      await begin('a');
      for (let count = 0; count < 5; count += 1) await queue.enqueue('a');
      await under.pass(60);
      expect(shop.begun).toEqual(['a']);
      shop.end('a');
      await under.pass(0);
      expect(shop.begun).toEqual(['a', 'a']);
      shop.end('a');
      await under.pass(10_000);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('a key that comes in during its work is worked on again though that work is thrown away', async () => {
      await begin('a');
      await queue.enqueue('a');
      shop.fail('a');
      await under.pass(0);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('a delay is waited for', async () => {
      await begin();
      await queue.enqueue('a', { delaySeconds: 30 });
      await under.pass(29);
      expect(shop.begun).toEqual([]);
      await under.pass(1);
      expect(shop.begun).toEqual(['a']);
    });

    test('a delay never holds back what is due sooner', async () => {
      await begin();
      await queue.enqueue('a', { delaySeconds: 30 });
      await queue.enqueue('a', { delaySeconds: 60 });
      await under.pass(30);
      expect(shop.begun).toEqual(['a']);
      shop.end('a');
      await queue.enqueue('b', { delaySeconds: 30 });
      await queue.enqueue('b');
      await under.pass(0);
      expect(shop.begun).toEqual(['a', 'b']);
    });

    test('a delayed key and one due now do not make two jobs at once', async () => {
      await begin('a');
      await queue.enqueue('a', { delaySeconds: 10 });
      await under.pass(20);
      expect(shop.begun).toEqual(['a']);
      shop.end('a');
      await under.pass(0);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('a delay asked for during the work counts from the asking', async () => {
      await begin('a');
      await queue.enqueue('a', { delaySeconds: 30 });
      await under.pass(10);
      shop.end('a');
      await under.pass(19);
      expect(shop.begun).toEqual(['a']);
      await under.pass(1);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('work that asks for it is repeated after its time', async () => {
      await begin('a');
      shop.end('a', again(45));
      await under.pass(44);
      expect(shop.begun).toEqual(['a']);
      await under.pass(1);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('work that asks to be repeated later is repeated sooner when something asks for it', async () => {
      await begin('a');
      shop.end('a', again(3600));
      await under.pass(0);
      await queue.enqueue('a');
      await under.pass(0);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('a repetition does not push back what came in during the work', async () => {
      await begin('a');
      await queue.enqueue('a');
      shop.end('a', again(3600));
      await under.pass(0);
      expect(shop.begun).toEqual(['a', 'a']);
    });

    test('failed work is given out again, later each time', async () => {
      await begin('a');
      const waits: number[] = [];
      for (let failure = 1; failure < Math.min(under.attempts, 6); failure += 1) {
        shop.fail('a');
        let waited = 0;
        for (await under.pass(0); shop.begun.length === failure; waited += 1) await under.pass(1);
        waits.push(waited);
      }
      expect(waits[0]).toBeGreaterThan(0);
      for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThan(waits[index] ?? 0);
    });

    test('work that throws before its first await is a failure like others', async () => {
      let count = 0;
      under.start(() => {
        count += 1;
        if (count === 1) throw new Error('at once');
        return Promise.resolve(done);
      });
      await queue.enqueue('a');
      await under.pass(600);
      expect(count).toBe(2);
    });

    test('after a success the waits begin small again', async () => {
      await begin('a');
      const waitAfterFailure = async (): Promise<number> => {
        const { length } = shop.begun;
        shop.fail('a');
        let waited = 0;
        for (await under.pass(0); shop.begun.length === length; waited += 1) await under.pass(1);
        return waited;
      };
      const first = await waitAfterFailure();
      expect(await waitAfterFailure()).toBeGreaterThan(first);
      shop.end('a');
      await under.pass(0);
      await queue.enqueue('a');
      await under.pass(0);
      expect(await waitAfterFailure()).toBe(first);
    });

    test('a key that always fails is set aside and reported, and holds up nobody', async () => {
      const worked: string[] = [];
      under.start(async (key) => {
        worked.push(key);
        if (key === 'poison') throw new Error('always');
        return done;
      });
      await queue.enqueue('poison');
      for (let count = 0; count < 40; count += 1) {
        await queue.enqueue(`well-${count}`);
        await under.pass(0);
        expect(worked).toContain(`well-${count}`);
        await under.pass(600);
      }
      expect(worked.filter((key) => key === 'poison')).toHaveLength(under.attempts);
      expect(under.setAside()).toEqual(['poison']);
    });

    test('a key that was set aside starts afresh when something asks for it again', async () => {
      const worked: string[] = [];
      let broken = true;
      under.start(async (key) => {
        worked.push(key);
        if (broken) throw new Error('not yet');
        return done;
      });
      for (const times of [1, 2]) {
        await queue.enqueue('a');
        for (let count = 0; count < 40; count += 1) await under.pass(600);
        expect(worked).toHaveLength(times * under.attempts);
        expect(under.setAside()).toHaveLength(times);
      }
      broken = false;
      await queue.enqueue('a');
      await under.pass(0);
      expect(worked).toHaveLength(2 * under.attempts + 1);
    });

    test('many keys are all worked on, each once', async () => {
      const keys = Array.from({ length: 500 }, (_, index) => `key-${index}`);
      const worked: string[] = [];
      under.start(async (key) => {
        worked.push(key);
        await Promise.resolve();
        return done;
      });
      await Promise.all(keys.map((key) => queue.enqueue(key)));
      await under.pass(60);
      expect(worked.toSorted()).toEqual(keys.toSorted());
    });

    test('no change is missed by a worker that had already looked', async () => {
      let written = 0;
      let seen = 0;
      under.start(async () => {
        const looked = written;
        await new Promise((resolve) => setImmediate(resolve));
        seen = looked;
        return done;
      });
      for (let change = 1; change <= 30; change += 1) {
        written = change;
        await queue.enqueue('a');
        if (change % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await under.pass(60);
      expect(seen).toBe(30);
    });

    test('stopping waits for the work at hand and gives out no more', async () => {
      await begin('a');
      await queue.enqueue('a');
      await queue.enqueue('b', { delaySeconds: 1 });
      let stopped = false;
      const stopping = under.stop().then(() => {
        stopped = true;
      });
      await queue.enqueue('c');
      await under.pass(60);
      expect(stopped).toBe(false);
      shop.end('a');
      await stopping;
      await under.pass(60);
      expect(shop.begun).toEqual(['a']);
    });
  });
}
