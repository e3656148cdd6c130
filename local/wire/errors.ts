import { encodeOutput } from './coding.ts';
import type { WireService } from './services.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the SDK's errors have besides the members of their shape. */
const ownMembers = new Set(['name', 'message', '$fault', '$metadata', '$response', '$retryable', '$service', 'stack']);

/** Names of SQS's errors from before it spoke JSON: tools still look for them in a header of its own. */
const sqsQueryErrors: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

/** An error as the service sends it. What is no answer of AWS is the emulation's own fault: 500, its name and text. */
export function errorAnswer(service: WireService | undefined, error: unknown): WireAnswer {
  const { name, message, members, status } = describe(error);
  const type = service?.errorNamespace === undefined ? name : `${service.errorNamespace}#${name}`;
  const queryError = service?.name === 'sqs' ? (sqsQueryErrors[name] ?? name) : undefined;
  return {
    status,
    headers: {
      'Content-Type': service?.contentType ?? 'application/x-amz-json-1.1',
      'x-amzn-errortype': type,
      ...(queryError === undefined
        ? {}
        : { 'x-amzn-query-error': `${queryError};${status < 500 ? 'Sender' : 'Receiver'}` }),
    },
    body: encodeOutput({ __type: type, ...members, message }),
  };
}

function describe(error: unknown): { name: string; message: string; members: object; status: number } {
  if (!(error instanceof Error)) return { name: 'InternalFailure', message: String(error), members: {}, status: 500 };
  const { $fault, $metadata } = error as { $fault?: unknown; $metadata?: { httpStatusCode?: unknown } };
  const given = $metadata?.httpStatusCode;
  return {
    name: error.name,
    message: error.message,
    members: Object.fromEntries(Object.entries(error).filter(([name]) => !ownMembers.has(name))),
    // What is not emulated has a fault, the client's, but no status: 501 is one that nobody tries again.
    status: typeof given === 'number' ? given : $fault === 'client' ? 501 : 500,
  };
}
