import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { backoffSeconds, type Failure } from '../../kubernetes/queue/memory.ts';
import type { Worker } from '../../kubernetes/queue/queue.ts';
import { batches } from '../batch.ts';
import { failedRecords, type SqsBatchResponse, type SqsEvent, type SqsRecord } from './event.ts';
import { parseMessage, type WorkMessage } from './message.ts';
import type { SqsQueue } from './queue.ts';

/** SQS's limit of a batch. */
const batchLimit = 10;

export interface WorkBatchOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly queue: SqsQueue;
  readonly worker: Worker;
  /** Attempts after which a key that always fails is set aside. */
  readonly attempts: number;
  /** Told of each failure; `setAside` says that it was the last attempt. */
  report(failure: Failure): void;
  /** A new UUID. */
  newId(): string;
}

/** All messages of one key in a batch. */
interface Job {
  readonly key: string;
  readonly records: SqsRecord[];
  failures: number;
  /** How often they have been given out: more than once when a process died of them, or beside them. */
  receives: number;
  /** Added to the wait after a failure. */
  readonly extraSeconds: number;
}

/** Between keys of which one may kill, so that they do not meet in a batch again. */
const apartSeconds = 15;

/**
 * Works on a batch, each key once however many messages it has. Work that fails is asked for again later, in a new
 * message, so that its key is not blocked meanwhile; a message comes again itself only when not even that was possible.
 *
 * Messages that come back are of a batch whose process died, of one of its keys, nobody knows which. So they wait until
 * the others are done and deleted; then one of them is worked on alone, and the rest asked for again later, as after a
 * failure, at times apart: a key that kills is soon alone with its deaths, and SQS sets it aside when it was received too often.
 */
export async function workOnBatch(options: WorkBatchOptions, event: SqsEvent): Promise<SqsBatchResponse> {
  const failed: SqsRecord[] = [];
  const finish = async (job: Job, how: (job: Job) => Promise<boolean>): Promise<SqsRecord[]> => {
    if (await how(job)) return job.records;
    failed.push(...job.records);
    return [];
  };
  const jobs = jobsOf(options, event);
  const [suspect, ...suspects] = jobs
    .filter(({ receives }) => receives > 1)
    .toSorted((a, b) => b.receives - a.receives);
  const others = jobs.filter(({ receives }) => receives === 1);
  const done = await Promise.all([
    ...others.map((job) => finish(job, (each) => work(options, each))),
    ...suspects.map((job, index) =>
      finish({ ...job, extraSeconds: (index + 1) * apartSeconds }, (each) =>
        fail(options, each, new Error('the process that worked on it died')),
      ),
    ),
  ]);
  if (suspect !== undefined) {
    await deleteRecords(options, done.flat());
    await finish(suspect, (each) => work(options, each));
  }
  return failedRecords(failed);
}

function jobsOf(options: WorkBatchOptions, event: SqsEvent): Job[] {
  const jobs = new Map<string, Job>();
  for (const record of event.Records) {
    const message = parseMessage(record.body);
    if (message === undefined) {
      const error = new Error(`a message that is not Skiff's: ${record.messageId}`);
      options.report({ key: record.messageId, error, failures: 1, setAside: true });
      continue;
    }
    const job = jobs.get(message.key) ?? { key: message.key, records: [], failures: 0, receives: 0, extraSeconds: 0 };
    jobs.set(message.key, job);
    job.records.push(record);
    job.failures = Math.max(job.failures, message.failures);
    job.receives = Math.max(job.receives, Number(record.attributes.ApproximateReceiveCount));
  }
  return [...jobs.values()];
}

/** Whether the messages have done their service. */
async function work(options: WorkBatchOptions, job: Job): Promise<boolean> {
  try {
    const outcome = await options.worker(job.key);
    if ('again' in outcome) await options.queue.enqueue(job.key, { delaySeconds: outcome.again });
    return true;
  } catch (error) {
    return fail(options, job, error);
  }
}

/** Asks for another attempt, later each time, or sets the key aside; whether that could be done. */
async function fail(options: WorkBatchOptions, job: Job, error: unknown): Promise<boolean> {
  const failures = job.failures + 1;
  const failure: Failure = { key: job.key, error, failures, setAside: failures >= options.attempts };
  options.report(failure);
  const message: WorkMessage = { key: job.key, id: options.newId(), failures };
  try {
    if (failure.setAside) await options.queue.setAside(message);
    else await options.queue.sendLater(message, backoffSeconds(failures) + job.extraSeconds);
    return true;
  } catch (trouble) {
    options.report({ ...failure, error: trouble });
    return false;
  }
}

async function deleteRecords({ client, queueUrl }: WorkBatchOptions, records: readonly SqsRecord[]): Promise<void> {
  for (const batch of batches(records, batchLimit)) {
    const entries = batch.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  }
}
