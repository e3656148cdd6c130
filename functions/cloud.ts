import { randomUUID } from 'node:crypto';
import { makeClients } from '../aws/clients.ts';
import { DynamoStore } from '../aws/dynamodb/store.ts';
import { RateLimiter } from '../aws/rate.ts';
import { SqsQueue } from '../aws/sqs/queue.ts';
import { makeStateClients, type StateClients } from '../aws/state-clients.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { Change } from '../kubernetes/store/store.ts';
import type { Config } from './config.ts';
import type { Context } from './context.ts';
import { report } from './report.ts';
import { enqueueChanges } from './triggers.ts';

/** What the functions of the cloud work with. */
export interface Cloud extends Context {
  readonly queue: SqsQueue;
  readonly sqs: StateClients['sqs'];
}

/** Lambda gives up a call whose event loop holds nothing: unlike in local mode, what waits for this clock holds it. */
const clock: Clock = {
  now: () => Date.now(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Connects a function to the state and the AWS of its installation: once, at its start. What it writes becomes work
 * before the write is answered, since a function may be frozen, for good, as soon as it has answered. What is lost when it
 * dies in between is found by the workflow that reads the changes (workflows/heal-changes.ts).
 */
export function openCloud(config: Config): Cloud {
  const { region } = config.installation;
  const newId = (): string => randomUUID();
  const random = (): number => Math.random();
  const { dynamodb, sqs } = makeStateClients({ region });
  const queue = new SqsQueue({ client: sqs, ...config.queues, clock, newId });
  const committed = async (changes: readonly Change[]): Promise<void> => {
    try {
      await enqueueChanges(cloud, changes);
    } catch (error) {
      // The write stands. To fail it now would have its caller write again.
      report(new Error('what was written did not become work at once', { cause: error }));
    }
  };
  const store = new DynamoStore({ client: dynamodb, tableName: config.tableName, clock, newId, random, committed });
  const aws = makeClients({ region, limiter: new RateLimiter(clock) });
  const cloud: Cloud = { store, queue, sqs, aws, installation: config.installation, clock, newId, random, report };
  return cloud;
}
