import type { ContainerStatus, Pod } from '../../../kubernetes/kinds/core/pod.ts';
import { badRequest } from '../../../kubernetes/status-error.ts';
import type { Handler } from '../call.ts';
import { needsContainerEngine } from '../containers.ts';
import { chosenContainer, ownContainer, readPod, statusOfContainer } from '../pod-container.ts';
import { logOptions } from './log-options.ts';
import { logText } from './log-text.ts';
import type { Subresource } from './subresource.ts';

/** GET of what a container has written, as text. */
const get: Handler = async (call) => {
  const { dependencies, namespace, name, query, request } = call;
  const { logs, store, clock } = dependencies;
  const options = logOptions(query, { name, now: clock.now() });
  const pod = await readPod(store, { namespace, name });
  const container = chosenContainer(pod, options.container);
  const headers = { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private' };
  // A pod that waits for a node has no logs yet, and that is no error.
  if (!pod.spec.nodeName) return new Response('', { headers });
  const id = containerIdFor(pod, { container, previous: options.previous });
  if (logs === undefined) throw needsContainerEngine(`pods/log of ${name}`);
  const source = ownContainer(pod, id, container);
  const text = `unable to retrieve container logs for ${id}`;
  if (source === undefined || (await dependencies.ownsTask?.(pod, source.taskId)) === false) {
    return new Response(text, { headers });
  }
  return new Response(logText(logs, { source, options, whenGone: text, signal: request.signal }), { headers });
};

export const log: Subresource = { get };

/** The container whose log is meant. Throws StatusError 400 with the kubelet's reasons when it has none yet. */
function containerIdFor(pod: Pod, { container, previous }: { container: string; previous: boolean }): string {
  const about = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  const status = statusOfContainer(pod, container);
  if (status === undefined) throw badRequest(`${about} is not available`);
  const last = status.lastState?.terminated?.containerID;
  if (previous) {
    if (!last) throw badRequest(`previous terminated ${about} not found`);
    return last;
  }
  const id = presentId(status) ?? last;
  if (id) return id;
  if (status.state?.terminated !== undefined || status.lastState?.terminated !== undefined)
    throw badRequest(`${about} is terminated`);
  throw badRequest(`${about} is waiting to start${waitingFor(status.state?.waiting?.reason)}`);
}

const presentId = ({ state, containerID }: ContainerStatus): string | undefined =>
  state?.running === undefined ? state?.terminated?.containerID || undefined : containerID;

function waitingFor(reason: string | undefined): string {
  if (reason === undefined) return ' - no logs yet';
  if (reason === 'ErrImagePull') return ": image can't be pulled";
  return reason === 'ImagePullBackOff' ? ': trying and failing to pull image' : `: ${reason}`;
}
