import { pod as podKind, type Container, type ContainerStatus, type Pod } from '../../kubernetes/kinds/core/pod.ts';
import { resourceOf } from '../../kubernetes/kind.ts';
import { type Noted, type Notes, parseNoted } from '../../kubernetes/notes.ts';
import { badRequest, objectNotFound } from '../../kubernetes/status-error.ts';
import type { Store } from '../../kubernetes/store/store.ts';
import { containerOfId } from '../../translate/container-state.ts';
import { taskId } from '../../translate/ecs-state.ts';
import { podTask } from '../pod-task.ts';
import type { ContainerName } from './containers.ts';

/** A pod by its place. Throws StatusError 404. */
export async function readPod(
  store: Store,
  { namespace, name }: { namespace: string; name: string },
): Promise<Noted<Pod>> {
  const stored = await store.get({ resource: resourceOf(podKind), namespace, name });
  if (stored === undefined) throw objectNotFound(podKind, name);
  return parseNoted<Pod>(stored);
}

/** The container that a request means: the one it names, or the only one. Throws StatusError 400 in kube-apiserver's words. */
export function chosenContainer({ metadata, spec }: Pod, asked: string): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const podName = metadata.name ?? '';
  if (asked !== '') {
    const known = [...containers, ...initContainers, ...ephemeralContainers].some(({ name }) => name === asked);
    if (known) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${podName}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only.name;
  if (only === undefined) throw badRequest(`a container name must be specified for pod ${podName}`);
  const initial = initContainers.length === 0 ? '' : ` or one of the init containers: [${names(initContainers)}]`;
  throw badRequest(
    `a container name must be specified for pod ${podName}, choose one of: [${names(containers)}]${initial}`,
  );
}

const names = (containers: readonly Pick<Container, 'name'>[]): string => containers.map(({ name }) => name).join(' ');

/** What is known of a container, of whatever sort it is. */
export function statusOfContainer({ status }: Pod, name: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {};
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    (each) => each.name === name,
  );
}

/**
 * The task that the pod is, by its id; undefined when it has none, or it has stopped. A client may write the status: which
 * task is the pod's is only in its notes.
 */
export function runningTask(pod: { readonly notes: Notes }): string | undefined {
  const { task, stopped } = podTask(pod);
  return task === undefined || stopped ? undefined : taskId({ taskArn: task });
}

/** The container of this name in the task that a containerID names, if that is the pod's task or the one before. */
export function ownContainer(pod: { readonly notes: Notes }, id: string, name: string): ContainerName | undefined {
  const { task, previousTask } = podTask(pod);
  const own = [task, previousTask].flatMap((taskArn) => (taskArn === undefined ? [] : taskId({ taskArn })));
  const found = own.find((each) => each === containerOfId(id)?.taskId);
  return found === undefined ? undefined : { taskId: found, name };
}
