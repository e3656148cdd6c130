import type { Pod } from '../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../kubernetes/notes.ts';
import { quoted } from '../../kubernetes/shown-value.ts';
import { badRequest, forbiddenRequest, resourceNotFound, unclassifiedError } from '../../kubernetes/status-error.ts';
import { authenticate } from './authenticate.ts';
import { authorizeResource } from './authorize.ts';
import { type ContainerName, type Exec, needsContainerEngine } from './containers.ts';
import type { ApiDependencies } from './dependencies.ts';
import { chosenContainer, readPod, runningTask, statusOfContainer } from './pod-container.ts';
import { isTrue, resourceRequest, type ResourceRequest, targetOf } from './request-info.ts';

/** What somebody who may do so wants to stream. */
export type StreamRequest = ProcessRequest | ForwardRequest;

export interface ProcessRequest {
  readonly action: 'exec' | 'attach';
  readonly exec: Exec;
  readonly container: ContainerName;
  /** Of exec. */
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

export interface ForwardRequest {
  readonly action: 'portforward';
  readonly exec: Exec;
  readonly taskId: string;
  /** As errors name it: `pod web-1, uid 3f…`. */
  readonly pod: string;
  /** Of the old form, which names them beforehand. */
  readonly ports: readonly number[];
}

/** Reads a request to exec, attach or portforward of a pod. Throws StatusError. */
export async function streamRequest(dependencies: ApiDependencies, request: Request): Promise<StreamRequest> {
  const user = await authenticate(dependencies, request);
  const asked = resourceRequest(request.method, targetOf(request.url));
  if (asked === undefined) throw resourceNotFound();
  authorizeResource(user, asked);
  return streamRequestOf({ ...asked, dependencies });
}

/** The same for a request that was let in. */
export async function streamRequestOf(
  call: ResourceRequest & { readonly dependencies: ApiDependencies },
): Promise<StreamRequest> {
  const { subresource, namespace, name, query, dependencies, kind } = call;
  const isServed = kind.subresources.others?.some((each) => each.name === subresource) === true;
  if (!isServed || !isAction(subresource)) throw resourceNotFound();
  const pod = await readPod(dependencies.store, { namespace, name });
  const { exec } = dependencies;
  if (exec === undefined) throw needsContainerEngine(`pods/${subresource} of ${name}`);
  const asked =
    subresource === 'portforward'
      ? forwardRequest(pod, { exec, query })
      : processRequest(pod, { exec, query, action: subresource });
  const taskId = asked.action === 'portforward' ? asked.taskId : asked.container.taskId;
  if ((await dependencies.ownsTask?.(pod, taskId)) === false) {
    throw forbiddenRequest(kind, name, `its task ${taskId} was not made for it`);
  }
  return asked;
}

const isAction = (subresource: string): subresource is StreamRequest['action'] =>
  subresource === 'exec' || subresource === 'attach' || subresource === 'portforward';

function processRequest(
  pod: Noted<Pod>,
  { exec, query, action }: { exec: Exec; query: URLSearchParams; action: ProcessRequest['action'] },
): ProcessRequest {
  const name = chosenContainer(pod, query.get('container') ?? '');
  const [stdin, stdout, stderr, tty] = ['stdin', 'stdout', 'stderr', 'tty'].map((key) => isTrue(query.get(key)));
  const command = query.getAll('command');
  if (stdin !== true && stdout !== true && stderr !== true)
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  if (action === 'exec' && command.length === 0)
    throw badRequest('you must specify at least one command for the container');
  const status = statusOfContainer(pod, name);
  const task = status?.state?.running === undefined ? undefined : runningTask(pod);
  if (task === undefined) throw unclassifiedError(`container not found (${quoted(name)})`);
  return {
    action,
    exec,
    container: { taskId: task, name },
    command,
    stdin: stdin === true,
    stdout: stdout === true,
    // A terminal has one output.
    stderr: stderr === true && tty !== true,
    tty: tty === true,
  };
}

function forwardRequest(pod: Noted<Pod>, { exec, query }: { exec: Exec; query: URLSearchParams }): ForwardRequest {
  const taskId = runningTask(pod);
  if (taskId === undefined) {
    const phase = pod.status?.phase ?? 'Unknown';
    throw badRequest(`unable to forward port because pod is not running. Current status=${phase}`);
  }
  const ports = query
    .getAll('ports')
    .flatMap((list) => list.split(','))
    .map(portNumber);
  const { name = '', uid = '' } = pod.metadata;
  return { action: 'portforward', exec, taskId, pod: `pod ${name}, uid ${uid}`, ports };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw badRequest(`unable to parse ${quoted(text)} as a port`);
  return port;
}
