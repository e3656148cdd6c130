import { errorMessage } from '../kubernetes/error-message.ts';
/** What an AWS error means for who called. Errors are told apart by their name, never by their text. */
export type AwsFailure =
  | 'not-found'
  | 'conflict'
  | 'throttled'
  | 'denied'
  | 'invalid'
  | 'limit'
  | 'unavailable'
  | 'other';

const names: Readonly<Record<Exclude<AwsFailure, 'other'>, readonly string[]>> = {
  'not-found': [
    'ClusterNotFoundException',
    'ResourceNotFoundException',
    'ServiceNotActiveException',
    'ServiceNotFoundException',
    'TaskSetNotFoundException',
  ],
  conflict: [
    'ConflictException',
    'TransactionConflictException',
    'TransactionInProgressException',
    'UpdateInProgressException',
  ],
  // Names that the SDK's own retries count as throttling (@smithy/service-error-classification), where ECS may answer them.
  throttled: [
    'BandwidthLimitExceeded',
    'ProvisionedThroughputExceededException',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
  ],
  denied: [
    'AccessDeniedException',
    'BlockedException',
    'CredentialsProviderError',
    'ExpiredTokenException',
    'InvalidClientTokenId',
    'InvalidSignatureException',
    'UnrecognizedClientException',
  ],
  invalid: [
    'ClientException',
    'InvalidParameterException',
    'InvalidRequestException',
    'PlatformTaskDefinitionIncompatibilityException',
    'PlatformUnknownException',
    'UnsupportedFeatureException',
    'ValidationException',
  ],
  limit: ['LimitExceededException', 'ServiceQuotaExceededException'],
  unavailable: [
    'InternalFailure',
    'InternalServerError',
    'InternalServiceError',
    'NetworkingError',
    'ServerException',
    'ServiceUnavailable',
    'TimeoutError',
  ],
};

const failures = new Map(
  Object.entries(names).flatMap(([failure, list]) => list.map((name) => [name, failure as AwsFailure] as const)),
);

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** The class of an error that an SDK client threw. */
export const awsFailure = (error: unknown): AwsFailure => failures.get(nameOf(error)) ?? 'other';

/** Whether an error has one of these names. */
export const isNamed = (error: unknown, ...expected: readonly string[]): boolean => expected.includes(nameOf(error));

/** A resource that was not made for the object that it is to serve: nothing is done with it. */
export class NotOursError extends Error {
  constructor(resource: string) {
    super(`${resource} was not made for this object, and is left alone`);
    this.name = 'NotOursError';
  }
}

/** Whether the same call may succeed later without anybody's doing. */
export const isTransient = (error: unknown): boolean =>
  ['throttled', 'unavailable', 'conflict'].includes(awsFailure(error));

/** Runs a call, and says what was being done when it fails; the name stays, so that the error can still be told apart. */
export async function whileDoing<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const wrapped = new Error(`${what}: ${errorMessage(error)}`, { cause: error });
    wrapped.name = nameOf(error) || 'Error';
    throw wrapped;
  }
}
