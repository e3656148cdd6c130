import { forbiddenRequest, StatusError } from '../../kubernetes/status-error.ts';
import type { User } from './dependencies.ts';
import type { ResourceRequest } from './request-info.ts';

/** What the name of the group says: a cluster's administrators. */
export const mayEverything = (user: User): boolean => user.groups.includes('system:masters');

/** Throws StatusError 403, in kube-apiserver's words, when the user may not do that with the resource. */
export function authorizeResource(user: User, asked: Omit<ResourceRequest, 'query'>): void {
  if (mayEverything(user)) return;
  const { kind, verb, namespace, name, subresource } = asked;
  const resource = subresource === '' ? kind.plural : `${kind.plural}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  throw forbiddenRequest(
    kind,
    name,
    `User ${JSON.stringify(user.username)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(kind.group)} ${where}`,
  );
}

/** The same for a path that is no resource, such as `/apis`. */
export function authorizePath(user: User, method: string, path: string): void {
  if (mayEverything(user)) return;
  throw new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `forbidden: User ${JSON.stringify(user.username)} cannot ${method.toLowerCase()} path ${JSON.stringify(path)}`,
    details: {},
  });
}
