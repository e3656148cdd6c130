import { createServer, type Server, type Socket } from 'node:net';
import { errorMessage } from '../kubernetes/error-message.ts';
import type { Context } from '../functions/context.ts';
import type { Exec } from '../functions/api/containers.ts';
import { runningTask } from '../functions/api/pod-container.ts';
import { keyFor, listObjects, readObject } from '../functions/read-objects.ts';
import { recordEvent } from '../functions/record-event.ts';
import { resourceOf } from '../kubernetes/kind.ts';
import { endpoints as endpointsKind, type Endpoints } from '../kubernetes/kinds/core/endpoints.ts';
import { pod as podKind } from '../kubernetes/kinds/core/pod.ts';
import { service as serviceKind, type Service } from '../kubernetes/kinds/core/service.ts';
import { listening } from './listening.ts';
import { join } from './streams/join.ts';

export interface NodePortsOptions {
  readonly context: Context;
  readonly exec: Pick<Exec, 'connect'>;
  report(error: unknown): void;
}

/** A port that Services ask for, and whose it is. */
interface NodePort {
  readonly service: Service;
  /** In Endpoints: the same as in the Service; empty for an only port without a name. */
  readonly portName: string;
}

interface Listener {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  /** The Service may be another one by the time somebody connects. */
  owner: NodePort;
  turn: number;
}

/** Somebody else has the port now, perhaps not for long. */
const retrySeconds = 10;

/** The TCP node ports of Services, by number. */
export function nodePortsOf(services: readonly Service[]): ReadonlyMap<number, NodePort> {
  const ports = new Map<number, NodePort>();
  for (const service of services) {
    for (const { nodePort = 0, protocol = 'TCP', name = '' } of service.spec?.ports ?? [])
      if (nodePort > 0 && protocol === 'TCP') ports.set(nodePort, { service, portName: name });
  }
  return ports;
}

/** The ready pods behind a port of a Service, with the port that each of them serves. */
export function readyTargets(
  endpoints: Endpoints | undefined,
  portName: string,
): readonly { readonly pod: string; readonly port: number }[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    const port = ports.find(({ name = '' }) => name === portName)?.port;
    if (port === undefined) return [];
    return addresses.flatMap(({ targetRef }) =>
      targetRef?.kind === 'Pod' && targetRef.name !== undefined ? [{ pod: targetRef.name, port }] : [],
    );
  });
}

/**
 * The node of local mode: every TCP node port answers on 127.0.0.1 and leads to the ready pods of its Service, one after
 * the other. A port that somebody else has is told of in an Event of the Service, and tried again.
 */
export class NodePorts {
  private readonly options: NodePortsOptions;
  private readonly listeners = new Map<number, Listener>();
  private readonly ending = new AbortController();
  private following: Promise<void> | undefined;
  private cancelRetry: (() => void) | undefined;

  constructor(options: NodePortsOptions) {
    this.options = options;
  }

  start(): void {
    this.following = this.follow().catch((error: unknown) => this.options.report(error));
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.following;
    this.cancelRetry?.();
    for (const port of this.listeners.keys()) this.close(port);
  }

  private async follow(): Promise<void> {
    const { store } = this.options.context;
    const { signal } = this.ending;
    const resource = resourceOf(serviceKind);
    const listen = (): Promise<void> => this.listen().catch((error: unknown) => this.options.report(error));
    let after = await store.revision();
    await listen();
    while (!signal.aborted) {
      const batch = await store.changes({ after, resource });
      after = batch.ok ? batch.revision : await store.revision();
      if (!batch.ok || batch.changes.length > 0) await listen();
      else await store.changed({ after, resource }, signal);
    }
  }

  /** Opens what is asked for and closes what no longer is. */
  private async listen(): Promise<void> {
    const { store, clock } = this.options.context;
    const wanted = nodePortsOf(await listObjects(store, serviceKind));
    for (const port of this.listeners.keys()) if (!wanted.has(port)) this.close(port);
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    for (const [port, owner] of wanted) {
      const listener = this.listeners.get(port);
      if (listener !== undefined) listener.owner = owner;
      else if (!(await this.open(port, owner)))
        this.cancelRetry ??= clock.after(retrySeconds * 1000, () => {
          this.listen().catch((error: unknown) => this.options.report(error));
        });
    }
  }

  /** Answers whether the port could be had. */
  private async open(port: number, owner: NodePort): Promise<boolean> {
    const listener: Listener = { server: createServer({ allowHalfOpen: true }), sockets: new Set(), owner, turn: 0 };
    listener.server.on('connection', (socket) => void this.forward(socket, listener));
    try {
      await listening(listener.server, port);
      this.listeners.set(port, listener);
      return true;
    } catch (error) {
      await recordEvent(this.options.context, owner.service, {
        type: 'Warning',
        reason: 'NodePortUnavailable',
        message: `node port ${port} does not answer: ${errorMessage(error)}`,
        component: 'service-controller',
        occurrence: `${port}`,
      }).catch((failure: unknown) => this.options.report(failure));
      return false;
    }
  }

  private close(port: number): void {
    const listener = this.listeners.get(port);
    this.listeners.delete(port);
    listener?.server.close();
    for (const socket of listener?.sockets ?? []) socket.destroy();
  }

  /** One connection. Like that to a node whose pods are gone, it is reset when nobody is there to take it. */
  private async forward(socket: Socket, listener: Listener): Promise<void> {
    listener.sockets.add(socket);
    socket.once('close', () => listener.sockets.delete(socket));
    // Who lets go is not worth a word.
    socket.on('error', () => {});
    try {
      const target = await this.target(listener);
      if (target === undefined) return void socket.resetAndDestroy();
      await join(socket, await this.options.exec.connect(target.taskId, target.port));
    } catch {
      socket.resetAndDestroy();
    }
  }

  private async target(listener: Listener): Promise<{ taskId: string; port: number } | undefined> {
    const { store } = this.options.context;
    const { service, portName } = listener.owner;
    const { namespace = '', name = '' } = service.metadata;
    const found = await readObject(store, endpointsKind, keyFor(endpointsKind, namespace, name));
    const targets = readyTargets(found, portName);
    const chosen = targets[listener.turn % targets.length];
    listener.turn += 1;
    if (chosen === undefined) return undefined;
    const pod = await readObject(store, podKind, keyFor(podKind, namespace, chosen.pod));
    const taskId = pod === undefined ? undefined : runningTask(pod);
    return taskId === undefined ? undefined : { taskId, port: chosen.port };
  }
}
