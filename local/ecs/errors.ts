import {
  ClientException,
  ClusterNotFoundException,
  ConflictException,
  InvalidParameterException,
  ServiceNotActiveException,
  ServiceNotFoundException,
} from '@aws-sdk/client-ecs';

/** ECS's refusals, as the SDK's own classes and in ECS's own words: people search for them. */

const $metadata = { httpStatusCode: 400, attempts: 1 };

export const invalidParameter = (message: string): Error => new InvalidParameterException({ message, $metadata });
export const clientError = (message: string): Error => new ClientException({ message, $metadata });

export const clusterNotFound = (): Error => new ClusterNotFoundException({ message: 'Cluster not found.', $metadata });
export const serviceNotFound = (): Error => new ServiceNotFoundException({ message: 'Service not found.', $metadata });
export const serviceNotActive = (): Error =>
  new ServiceNotActiveException({ message: 'Service was not ACTIVE.', $metadata });

/** The client token belongs to another call. */
export const tokenConflict = (resourceIds: readonly string[]): Error =>
  new ConflictException({
    message: 'The provided client token is already in use with a different request.',
    resourceIds: [...resourceIds],
    $metadata,
  });
