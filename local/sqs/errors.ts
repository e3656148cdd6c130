import {
  InvalidMessageContents,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  SQSServiceException,
} from '@aws-sdk/client-sqs';

/** SQS's refusals, as the SDK's own classes. */

const $metadata = { httpStatusCode: 400, attempts: 1 };

const named = (name: string, message: string): Error =>
  new SQSServiceException({ name, message, $fault: 'client', $metadata });

export const queueNotFound = (): Error =>
  new QueueDoesNotExist({ message: 'The specified queue does not exist.', $metadata });

export const missingParameter = (name: string): Error =>
  named('MissingParameter', `The request must contain the parameter ${name}.`);

export const invalidParameter = (parameter: string, value: unknown, reason: string): Error =>
  named('InvalidParameterValue', `Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const emptyMessage = (): Error => new InvalidMessageContents({ message: 'The message is empty.', $metadata });

export const invalidCharacters = (): Error =>
  new InvalidMessageContents({ message: 'Invalid characters were found in the message body.', $metadata });

export const invalidReceipt = (): Error =>
  new ReceiptHandleIsInvalid({ message: 'The receipt handle has expired', $metadata });

export const batchError = (name: string, message: string): Error => named(name, message);
