import { tokenDigest } from '../../../functions/api/bearer-token.ts';
import { localInstallation } from '../../../local/installation.ts';
import type { SharedAws } from './aws.ts';

/** What a function is told, and all that it is told. */
export const environmentOf = (
  aws: SharedAws,
  { token, watchSeconds }: { token: string; watchSeconds: number },
): Readonly<Record<string, string>> => ({
  AWS_REGION: localInstallation.region,
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'not-looked-at',
  AWS_ENDPOINT_URL: aws.wire.url,
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  SKIFF_INSTALLATION: JSON.stringify(localInstallation),
  SKIFF_TABLE: aws.tableName,
  SKIFF_QUEUE_URL: aws.queues.queueUrl,
  SKIFF_DELAY_QUEUE_URL: aws.queues.delayQueueUrl,
  SKIFF_DEAD_LETTER_QUEUE_URL: aws.queues.deadLetterQueueUrl,
  SKIFF_TOKEN_SHA256: tokenDigest(token),
  SKIFF_WATCH_SECONDS: String(watchSeconds),
});
