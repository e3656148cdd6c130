import { pod as podKind, type Container, type ContainerStatus, type Pod } from '../../kubernetes/kinds/core/pod.ts';
import { resourceOf } from '../../kubernetes/kind.ts';
import { badRequest, objectNotFound } from '../../kubernetes/status-error.ts';
import type { Store } from '../../kubernetes/store/store.ts';
import { containerOfId } from '../../translate/container-state.ts';

/** A pod by its place. Throws StatusError 404. */
export async function readPod(store: Store, { namespace, name }: { namespace: string; name: string }): Promise<Pod> {
  const stored = await store.get({ resource: resourceOf(podKind), namespace, name });
  if (stored === undefined) throw objectNotFound(podKind, name);
  return stored.parse<Pod>();
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

/** The task that runs the pod, by its id; undefined while no container of it runs. */
export function runningTask({ status }: Pod): string | undefined {
  const running = status?.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return containerOfId(running?.containerID ?? '')?.taskId;
}
