import { createHash } from 'node:crypto';
import { repositoryOf } from '../../kubernetes/image-reference.ts';
import { RuntimeFailure } from './runtime.ts';

/** The same name gives the same digest until somebody pushes; a digest is itself. */
export function digestOf(image: string, pushes: number): string {
  const given = /@(sha256:[0-9a-f]{64})$/.exec(image);
  return given?.[1] ?? `sha256:${createHash('sha256').update(`${image}#${pushes}`).digest('hex')}`;
}

/** RFC 2606 keeps `.invalid` for names that do not exist. */
export const hasInvalidRegistry = (image: string): boolean => /^[^/]+\.invalid(:\d+)?\//.test(image);

interface FullName {
  readonly registry: string;
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
  readonly name: string;
}

/** An image as the registry knows it: `nginx` is `docker.io/library/nginx:latest`. */
function fullName(image: string): FullName {
  const path = repositoryOf(image);
  const reference = image.slice(path.length + 1) || 'latest';
  const [first = '', ...rest] = path.split('/');
  const hasRegistry = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const registry = hasRegistry ? first : 'docker.io';
  const repository = hasRegistry ? rest.join('/') : rest.length === 0 ? `library/${first}` : path;
  const separator = reference.startsWith('sha256:') ? '@' : ':';
  return { registry, repository, reference, name: `${registry}/${repository}${separator}${reference}` };
}

/** ECS's words on Fargate for an image that is not in its registry. */
export function imageNotFound(image: string): RuntimeFailure {
  const { name } = fullName(image);
  return new RuntimeFailure(
    `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${name}: ${name}: not found`,
  );
}

/** The same for a registry that cannot be found. */
export function registryNotFound(image: string): RuntimeFailure {
  const { registry, repository, reference, name } = fullName(image);
  return new RuntimeFailure(
    `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${name}: failed to do request: Head "https://${registry}/v2/${repository}/manifests/${reference}": dial tcp: lookup ${registry}: no such host`,
  );
}

/** The same for an image that its registry shows to others only. */
export function accessDenied(image: string): RuntimeFailure {
  const { name } = fullName(image);
  return new RuntimeFailure(
    `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${name}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
  );
}
