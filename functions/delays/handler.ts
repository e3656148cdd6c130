import { sendDelayedOn } from '../../aws/sqs/delayed-batch.ts';
import type { SqsBatchResponse, SqsEvent } from '../../aws/sqs/event.ts';
import { openCloud } from '../cloud.ts';
import { readConfig } from '../config.ts';
import { report } from '../report.ts';

const { queue } = openCloud(readConfig(process.env));

/** Sends on what has waited in the delay queue. */
export const handler = (event: SqsEvent): Promise<SqsBatchResponse> => sendDelayedOn({ queue, report }, event);
