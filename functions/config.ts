import { z } from 'zod';
import type { Installation } from '../translate/installation.ts';

/** What a function of the cloud is told by its environment. */
export interface Config {
  readonly installation: Installation;
  readonly tableName: string;
  readonly queues: {
    readonly queueUrl: string;
    readonly delayQueueUrl: string;
    readonly deadLetterQueueUrl: string;
  };
  /** SHA-256 of the one token that the API accepts, hexadecimal; absent: it accepts none. */
  readonly tokenDigest?: string;
  /** How long a watch may stay open. */
  readonly maximumWatchSeconds: number;
}

/** A minute less than Lambda's 15, in which the last bookmark gets out. */
const defaultWatchSeconds = 840;

const text = z.string().min(1);

const installation: z.ZodType<Installation> = z.object({
  name: text,
  region: text,
  cluster: text,
  subnets: z.array(text).min(1),
  securityGroups: z.array(text),
  executionRoleArn: text,
  toolboxImage: text,
  logGroup: text,
  nodes: z.record(z.string(), text),
});

const environmentSchema = z.object({
  SKIFF_INSTALLATION: text
    .transform((value, context) => {
      try {
        return JSON.parse(value) as unknown;
      } catch {
        context.addIssue('is not JSON');
        return z.NEVER;
      }
    })
    .pipe(installation),
  SKIFF_TABLE: text,
  SKIFF_QUEUE_URL: z.url(),
  SKIFF_DELAY_QUEUE_URL: z.url(),
  SKIFF_DEAD_LETTER_QUEUE_URL: z.url(),
  SKIFF_TOKEN_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  SKIFF_WATCH_SECONDS: z.coerce.number().int().min(1).max(defaultWatchSeconds).default(defaultWatchSeconds),
});

/**
 * Reads the environment of a function, once, at its start. Throws an error that names each variable that is missing or
 * wrong, and no value.
 *
 * | variable | |
 * |---|---|
 * | `SKIFF_INSTALLATION` | the installation (translate/installation.ts) as JSON |
 * | `SKIFF_TABLE` | name of the DynamoDB table |
 * | `SKIFF_QUEUE_URL`, `SKIFF_DELAY_QUEUE_URL`, `SKIFF_DEAD_LETTER_QUEUE_URL` | the queues of aws/sqs |
 * | `SKIFF_TOKEN_SHA256` | SHA-256 of the API's token, hexadecimal; without it every call is refused |
 * | `SKIFF_WATCH_SECONDS` | when the API ends a watch, at most and by default 840 |
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const read = environmentSchema.safeParse(environment);
  if (!read.success) {
    const problems = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`the environment of this function is not as Skiff needs it: ${problems.join('; ')}`);
  }
  const { data } = read;
  return {
    installation: data.SKIFF_INSTALLATION,
    tableName: data.SKIFF_TABLE,
    queues: {
      queueUrl: data.SKIFF_QUEUE_URL,
      delayQueueUrl: data.SKIFF_DELAY_QUEUE_URL,
      deadLetterQueueUrl: data.SKIFF_DEAD_LETTER_QUEUE_URL,
    },
    ...(data.SKIFF_TOKEN_SHA256 === undefined ? {} : { tokenDigest: data.SKIFF_TOKEN_SHA256 }),
    maximumWatchSeconds: data.SKIFF_WATCH_SECONDS,
  };
}
