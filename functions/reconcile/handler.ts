import type { SqsBatchResponse, SqsEvent } from '../../aws/sqs/event.ts';
import { workOnBatch } from '../../aws/sqs/work-batch.ts';
import { done, standardAttempts, type Worker } from '../../kubernetes/queue/queue.ts';
import { openCloud } from '../cloud.ts';
import { readConfig } from '../config.ts';
import { report } from '../report.ts';
import { scheduledKeys } from '../workflows/scheduled-keys.ts';
import { createWorker } from './worker.ts';

const config = readConfig(process.env);
const cloud = openCloud(config);
const reconcile = createWorker(cloud);

/** What a schedule asks for need not ask for itself. */
const worker: Worker = async (key) => {
  const outcome = await reconcile(key);
  return scheduledKeys.includes(key) ? done : outcome;
};

/** Works on the keys of the queue. */
export const handler = (event: SqsEvent): Promise<SqsBatchResponse> =>
  workOnBatch(
    {
      client: cloud.sqs,
      queueUrl: config.queues.queueUrl,
      queue: cloud.queue,
      worker,
      attempts: standardAttempts,
      report: ({ key, error, failures, setAside }) => {
        const what = setAside ? 'is set aside' : 'is tried again';
        report(new Error(`${key} has failed ${failures} times and ${what}`, { cause: error }));
      },
      newId: () => cloud.newId(),
    },
    event,
  );
