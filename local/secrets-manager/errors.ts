import {
  InvalidParameterException,
  InvalidRequestException,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';

/** The refusals of Secrets Manager, as the SDK's own classes and in its own words. */

const $metadata = { httpStatusCode: 400, attempts: 1 };

export const invalidParameter = (message: string): Error => new InvalidParameterException({ message, $metadata });
export const invalidRequest = (message: string): Error => new InvalidRequestException({ message, $metadata });

/** A value that the service's model does not allow. Values themselves are never told. */
export const invalidValue = (member: string, constraint: string): Error =>
  new SecretsManagerServiceException({
    name: 'ValidationException',
    message: `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`,
    $fault: 'client',
    $metadata,
  });

export const secretExists = (name: string): Error =>
  new ResourceExistsException({
    message: `The operation failed because the secret ${name} already exists.`,
    $metadata,
  });

export const secretNotFound = (): Error =>
  new ResourceNotFoundException({ message: "Secrets Manager can't find the specified secret.", $metadata });

export const versionNotFound = (stage: string): Error =>
  new ResourceNotFoundException({
    message: `Secrets Manager can't find the specified secret value for staging label: ${stage}`,
    $metadata,
  });

export const scheduledForDeletion = (): Error =>
  invalidRequest("You can't create this secret because a secret with this name is already scheduled for deletion.");

export const markedForDeletion = (): Error =>
  invalidRequest("You can't perform this operation on the secret because it was marked for deletion.");
