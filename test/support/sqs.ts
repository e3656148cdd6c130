import { randomUUID } from 'node:crypto';
import { makeStateClients } from '../../aws/state-clients.ts';
import { sendDelayedOn } from '../../aws/sqs/delayed-batch.ts';
import type { SqsBatchResponse, SqsEvent } from '../../aws/sqs/event.ts';
import { parseMessage } from '../../aws/sqs/message.ts';
import { SqsQueue } from '../../aws/sqs/queue.ts';
import { workOnBatch } from '../../aws/sqs/work-batch.ts';
import type { Failure } from '../../kubernetes/queue/memory.ts';
import type { Worker } from '../../kubernetes/queue/queue.ts';
import type { Faults } from '../../local/faults.ts';
import { intercept } from '../../local/intercept.ts';
import { EventSource, type EventSourceOptions } from '../../local/sqs/event-source.ts';
import { createSqs } from '../../local/sqs/sqs.ts';
import type { SqsOptions } from '../../local/sqs/world.ts';
import { ManualClock } from './manual-clock.ts';

const account = 'https://sqs.us-east-1.amazonaws.com/123456789012';
export const urls = {
  queueUrl: `${account}/skiff.fifo`,
  delayQueueUrl: `${account}/skiff-delayed`,
  deadLetterQueueUrl: `${account}/skiff-set-aside.fifo`,
};
export const visibilityTimeoutSeconds = 900;
export const maximumReceives = 4;

/** Queues on a clock that stands still. */
export function emulateSqs(options: Pick<SqsOptions, 'queues'> & Partial<SqsOptions> & { readonly faults?: Faults }) {
  const clock = new ManualClock();
  const sqs = createSqs({ newId: randomUUID, ...options, clock });
  const { sqs: client } = makeStateClients({
    region: 'us-east-1',
    prepare: (service, each) => {
      if (service === 'sqs') {
        intercept(each, { service, answer: sqs.answer, faults: options.faults ?? {}, newId: randomUUID });
      }
    },
  });
  return { clock, sqs, client };
}

const installationQueues: SqsOptions['queues'] = [
  {
    url: urls.queueUrl,
    fifo: true,
    visibilityTimeoutSeconds,
    redrive: { maximumReceives, deadLetterUrl: urls.deadLetterQueueUrl },
  },
  { url: urls.delayQueueUrl, fifo: false, visibilityTimeoutSeconds: 60 },
  { url: urls.deadLetterQueueUrl, fifo: true, visibilityTimeoutSeconds: 30 },
];

/** Attempts after which a key is set aside. */
const attempts = 7;

/** The queues of an installation, with what Lambda does for them. */
export function emulateQueues(options: Partial<SqsOptions> & { readonly faults?: Faults } = {}) {
  const failures: Failure[] = [];
  const reports: unknown[] = [];
  const sources = new Map<string, EventSource>();
  const arrived = (url: string): void => sources.get(url)?.poke();
  const { clock, sqs, client } = emulateSqs({ queues: installationQueues, arrived, ...options });
  const queue = new SqsQueue({ client, ...urls, clock, newId: randomUUID });
  const report = (error: unknown): void => void reports.push(error);
  const connect = (queueUrl: string, handle: EventSourceOptions['handle']): void => {
    const source = new EventSource({
      client,
      queueUrl,
      clock,
      concurrency: 100,
      pollMilliseconds: 3_600_000,
      report,
      handle,
    });
    sources.set(queueUrl, source);
    source.start();
  };
  connect(urls.delayQueueUrl, (event) => sendDelayedOn({ queue, report }, event));
  const work = (worker: Worker, event: SqsEvent): Promise<SqsBatchResponse> =>
    workOnBatch(
      {
        client,
        queueUrl: urls.queueUrl,
        queue,
        worker,
        attempts,
        report: (failure) => void failures.push(failure),
        newId: randomUUID,
      },
      event,
    );
  return {
    clock,
    client,
    queue,
    failures,
    reports,
    attempts,
    work,
    /** Calls a function with each batch of what is due. */
    connect: (handle: EventSourceOptions['handle']) => connect(urls.queueUrl, handle),
    start: (worker: Worker) => connect(urls.queueUrl, (event) => work(worker, event)),
    stop: async (): Promise<void> => {
      await Promise.all([...sources.values()].map((source) => source.stop()));
    },
    /** Keys that were set aside. */
    setAside: (): string[] => sqs.bodies(urls.deadLetterQueueUrl).map((body) => parseMessage(body)?.key ?? ''),
  };
}
