import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Received, send } from '../../support/send.ts';
import type { ServedProgram } from '../../support/served-program.ts';

export interface ChurnOptions {
  readonly server: ServedProgram;
  /** In [0, 1). */
  random(): number;
}

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } };
const collections = { deployments: '/apis/apps/v1', configmaps: '/api/v1', services: '/api/v1', pods: '/api/v1' };
type Plural = keyof typeof collections;
const plurals = Object.keys(collections) as Plural[];
/** Names of one collection, so that what is there stays the same in size. */
const nameCount = 8;
const mostReplicas = 3;

/** Somebody who makes, changes and deletes objects, watches them, reads logs and asks for processes, all the time. */
export class Churn {
  /** How often each thing was done. */
  readonly done = new Map<string, number>();
  readonly faults: string[] = [];
  private readonly options: ChurnOptions;
  private readonly actions: readonly (readonly [name: string, act: () => Promise<void>])[] = [
    ['create', () => this.create()],
    ['change', () => this.change()],
    ['delete', () => this.delete()],
    ['list', async () => this.judge(await this.ask('GET', this.path(this.pick(plurals))))],
    ['watch', () => this.follow(`${this.path(this.pick(plurals))}?watch=true`)],
    ['logs', () => this.follow(`${this.path('pods')}/${this.name()}/log?follow=true`)],
    ['exec', () => this.exec()],
  ];

  constructor(options: ChurnOptions) {
    this.options = options;
  }

  /** Does things until an end in time, or until the signal aborts. */
  async go(end: number, signal: AbortSignal): Promise<void> {
    while (Date.now() < end && !signal.aborted && this.options.server.isAlive) {
      const [name, act] = this.pick(this.actions);
      await act();
      this.done.set(name, (this.done.get(name) ?? 0) + 1);
      await wait(this.options.random() * 20);
    }
  }

  private async create(): Promise<void> {
    const plural = this.pick(plurals);
    const metadata = { name: this.name() };
    const objects: Readonly<Record<Plural, object>> = {
      deployments: {
        spec: { replicas: this.below(mostReplicas), selector: { matchLabels: { app: 'web' } }, template },
      },
      configmaps: { data: { a: 'x'.repeat(this.below(20_000)) } },
      services: { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
      pods: template,
    };
    this.judge(await this.ask('POST', this.path(plural), { ...objects[plural], metadata }));
  }

  private async change(): Promise<void> {
    const plural = this.pick(['deployments', 'configmaps', 'pods'] as const);
    const metadata = { annotations: { a: String(this.below(1000)) } };
    const patch = plural === 'deployments' ? { metadata, spec: { replicas: this.below(mostReplicas) } } : { metadata };
    this.judge(await this.ask('PATCH', `${this.path(plural)}/${this.name()}`, patch));
  }

  private async delete(): Promise<void> {
    this.judge(await this.ask('DELETE', `${this.path(this.pick(plurals))}/${this.name()}`));
  }

  /** Reads what goes on for a while, beside the others. */
  private async follow(path: string): Promise<void> {
    const { port, token } = this.options.server;
    const headers = { authorization: `Bearer ${token}` };
    const milliseconds = this.options.random() * 5000;
    const call = get({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      response.resume();
      response.once('error', () => {});
    });
    call.once('error', () => {});
    setTimeout(() => call.destroy(), milliseconds);
  }

  private exec(): Promise<void> {
    const { port, token } = this.options.server;
    const url = `ws://127.0.0.1:${port}${this.path('pods')}/${this.name()}/exec?command=true&stdout=true`;
    const socket = new WebSocket(url, 'v5.channel.k8s.io', { headers: { authorization: `Bearer ${token}` } });
    return new Promise((resolve) => {
      socket
        .once('error', () => {})
        .once('open', () => socket.close())
        .once('close', () => resolve());
    });
  }

  private ask(method: string, path: string, body?: unknown): Promise<Received> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const sent = { method, path, headers: { 'content-type': type } };
    return send(this.options.server, body === undefined ? sent : { ...sent, body: JSON.stringify(body) });
  }

  private judge({ status = 0, problem, text }: Received): void {
    if (problem !== undefined || status >= 500) this.faults.push(`${problem ?? status} ${text.slice(0, 300)}`);
  }

  private readonly path = (plural: Plural): string => `${collections[plural]}/namespaces/default/${plural}`;

  private name(): string {
    return `churn-${this.below(nameCount)}`;
  }

  private below(end: number): number {
    return Math.floor(this.options.random() * end);
  }

  private pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }
}
