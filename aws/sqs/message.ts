import { createHash } from 'node:crypto';

/** What is in a message: a key to look at, and what is known of the way it has come. */
export interface WorkMessage {
  readonly key: string;
  /** The same on every hop: two messages with one id are one. */
  readonly id: string;
  /** How often in a row work on it has failed. */
  readonly failures: number;
  /** When it is to be worked on, milliseconds since the epoch; absent: now. */
  readonly due?: number;
}

export const formatMessage = (message: WorkMessage): string => JSON.stringify(message);

/** The message in a body; undefined when it is none of ours. */
export function parseMessage(body: string): WorkMessage | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return undefined;
    const { key, id, failures, due } = value as Record<string, unknown>;
    if (typeof key !== 'string' || typeof id !== 'string' || typeof failures !== 'number') return undefined;
    return typeof due === 'number' ? { key, id, failures, due } : { key, id, failures };
  } catch {
    return undefined;
  }
}

/** What SQS takes as a message group: at most 128 letters, digits and punctuation. */
const groupPattern = /^[a-zA-Z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

/** The message group of a key: the key itself where SQS takes it, so that people recognise it. */
export const messageGroup = (key: string): string =>
  groupPattern.test(key) ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
