import {
  type CancellationReason,
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ResourceNotFoundException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';

/** DynamoDB's refusals, as the SDK's own classes and in DynamoDB's own words: people search for them. */

const $metadata = { httpStatusCode: 400, attempts: 1 };

export const validationError = (message: string): Error =>
  new DynamoDBServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata });

export const conditionFailed = (): Error =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata });

export const tableNotFound = (): Error =>
  new ResourceNotFoundException({ message: 'Requested resource not found', $metadata });

export const transactionConflict = (): Error =>
  new TransactionConflictException({ message: 'Transaction is ongoing for the item', $metadata });

export const tokenMismatch = (): Error =>
  new IdempotentParameterMismatchException({
    message: 'The request uses the same client token as a previous, but non-identical request.',
    $metadata,
  });

/** A reason for each action, `None` for those that stood in nobody's way. */
export function transactionCanceled(codes: readonly string[]): Error {
  const reasons: CancellationReason[] = codes.map((code) => ({ Code: code }));
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`;
  return new TransactionCanceledException({ message, CancellationReasons: reasons, $metadata });
}
