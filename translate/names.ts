import { shortHash } from './short-hash.ts';

/**
 * Every name that Skiff gives in AWS, and the way back. ECS names have up to 255 of `A-Za-z0-9_-`; Kubernetes' have dots
 * and no underscores, so that `<namespace>_<name>` with `__` for each dot can be read back. What would be too long is cut
 * and ends in a hash of the whole: such a one is found by its tags only.
 */
const maximumLength = 255;
/** Kubernetes keeps generated pod names to 63 characters, so that they fit a label and a host name. */
const maximumPodName = 63;
const podSuffixLength = 8;

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

const escaped = (namespace: string, name: string): string => `${namespace}_${name.replaceAll('.', '__')}`;

const fit = (text: string, suffix = ''): string => {
  if (text.length + suffix.length <= maximumLength) return text + suffix;
  const end = `___${shortHash(text, 12)}${suffix}`;
  return text.slice(0, maximumLength - end.length) + end;
};

/** Family of the task definitions of a workload or bare pod. */
export const taskDefinitionFamily = (namespace: string, name: string): string => fit(escaped(namespace, name));

/** Reads a family back; undefined when it is not one of ours, or was cut. */
export function parseTaskDefinitionFamily(family: string): NamespacedName | undefined {
  const match = /^([a-z0-9-]+)_((?!_)[a-z0-9_-]+)$/.exec(family);
  const [, namespace, name] = match ?? [];
  if (namespace === undefined || name === undefined || name.includes('___')) return undefined;
  return { namespace, name: name.replaceAll('__', '.') };
}

/**
 * Name of the ECS service of a workload. It ends in the first eight digits of the uid, since the name of a deleted service
 * stays taken while that drains, and an object of the same name may be made meanwhile.
 */
export const ecsServiceName = (namespace: string, name: string, uid: string): string =>
  fit(escaped(namespace, name), `_${uid.replaceAll('-', '').slice(0, 8)}`);

/** Reads an ECS service's name back; undefined when it is not one of ours, or was cut. */
export function parseEcsServiceName(
  serviceName: string,
): (NamespacedName & { readonly uidPrefix: string }) | undefined {
  const match = /^(.+[^_])_([0-9a-z]{1,8})$/.exec(serviceName);
  const [, family, uidPrefix] = match ?? [];
  if (family === undefined || uidPrefix === undefined) return undefined;
  const owner = parseTaskDefinitionFamily(family);
  return owner === undefined ? undefined : { ...owner, uidPrefix };
}

/** How the name of a workload's Pod ends: eight characters made from the task's id. */
export const podNameSuffix = (taskId: string): string => `-${shortHash(taskId, podSuffixLength)}`;

/** Name of the Pod of a workload's task: the ReplicaSet's name and the task's suffix. */
export const podName = (ownerName: string, taskId: string): string => {
  const suffix = podNameSuffix(taskId);
  return ownerName.slice(0, maximumPodName - suffix.length).replace(/[.-]+$/, '') + suffix;
};

/** CloudWatch log stream of a container: what the awslogs driver makes of prefix, container and task. */
export const logStream = (prefix: string, container: string, taskId: string): string =>
  `${prefix}/${container}/${taskId}`;

/** Reads a log stream's name back; undefined when it is not one of ours. */
export function parseLogStream(
  stream: string,
): { readonly prefix: string; readonly container: string; readonly taskId: string } | undefined {
  const [prefix, container, taskId, ...rest] = stream.split('/');
  if (prefix === undefined || container === undefined || taskId === undefined || rest.length > 0) return undefined;
  return { prefix, container, taskId };
}
