import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { Engine, type Patience } from '../../../../local/containers/docker/engine.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

/**
 * What goes wrong with a request. `silence`: it is never answered, nor carried out. `refused`: the connection breaks
 * before anything is done. `lost`: the connection breaks when it is done. `cut`: so, with the answer half sent.
 */
export type Fault = 'silence' | 'refused' | 'lost' | 'cut' | { readonly status: number; readonly message: string };

export interface DoubleContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly networkMode: string;
  running: boolean;
  /** It has been started once. */
  begun: boolean;
  exitCode: number;
  /** The signals that were sent to it. */
  readonly signals: string[];
}

const createBody = z.object({
  Labels: z.record(z.string(), z.string()).default({}),
  HostConfig: z.object({ NetworkMode: z.string().default('') }).default({ NetworkMode: '' }),
});
const namedBody = z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).default({}) });

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

interface Reply {
  readonly status: number;
  readonly body?: object;
}

const missing = (what: string): Reply => ({ status: 404, body: { message: `no such ${what}` } });

/** An engine's socket with nothing behind it but a list, which speaks as Podman 4 does. What goes wrong is asked for. */
export class EngineDouble {
  readonly containers = new Map<string, DoubleContainer>();
  readonly networks = new Map<string, Readonly<Record<string, string>>>();
  readonly volumes = new Map<string, Readonly<Record<string, string>>>();
  /** Method and path of each request. */
  readonly requests: string[] = [];
  /** Called before a request is carried out, and waited for. */
  before: (request: string) => void | Promise<void> = () => undefined;
  readonly socketPath: string;
  private readonly faults: { readonly pattern: RegExp; readonly faults: Fault[] }[] = [];
  private readonly sockets = new Set<Socket>();
  /** Who follows the events. */
  private readonly followers = new Set<ServerResponse>();
  private server: Server | undefined;

  static async start(): Promise<EngineDouble> {
    const double = new EngineDouble(join(await temporaryDirectory(), 'engine.sock'));
    await double.listen();
    return double;
  }

  private constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  engine(patience: Partial<Patience> = {}): Engine {
    return new Engine(
      { url: `unix://${this.socketPath}`, socketPath: this.socketPath },
      { answerMilliseconds: { GET: 5000, POST: 5000, DELETE: 5000 }, absenceMilliseconds: 3000, ...patience },
    );
  }

  /** The next requests that match, `METHOD /path`, go wrong, one after the other. */
  fail(pattern: RegExp, ...faults: Fault[]): void {
    this.faults.push({ pattern, faults });
  }

  get connections(): number {
    return this.sockets.size;
  }

  get followed(): boolean {
    return this.followers.size > 0;
  }

  listen(): Promise<void> {
    const server = createServer((request, response) => void this.answer(request, response));
    server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server = server;
    return new Promise((resolve) => server.listen(this.socketPath, resolve));
  }

  /** Containers go on. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** The container whose name ends so. */
  named(end: string): DoubleContainer {
    const found = [...this.containers.values()].find(({ name }) => name.endsWith(end));
    if (found === undefined) throw new Error(`no container ${end}`);
    return found;
  }

  /** Ends a container. */
  end(container: DoubleContainer, exitCode: number): void {
    container.running = false;
    container.exitCode = exitCode;
    const event = { Type: 'container', Action: 'die', Actor: { ID: container.id } };
    for (const follower of this.followers) follower.write(`${JSON.stringify(event)}\n`);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    // What asks for a connection of raw bytes goes on talking.
    if (request.headers.upgrade === undefined) for await (const part of request) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://engine');
    const method = request.method ?? '';
    const what = `${method} ${pathname}`;
    this.requests.push(what);
    const fault = this.faults.find(({ pattern, faults }) => faults.length > 0 && pattern.test(what))?.faults.shift();
    if (fault === 'silence') return;
    if (fault === 'refused') return void response.socket?.destroy();
    if (typeof fault === 'object') return send(response, { status: fault.status, body: { message: fault.message } });
    const call = { method, path: pathname, query: searchParams, body: text === '' ? {} : JSON.parse(text) };
    await this.before(what);
    if (fault === undefined) return this.answerWell(call, response);
    const reply = this.carryOut(call);
    if (fault === 'cut') cut(response, reply);
    else response.socket?.destroy();
  }

  private answerWell(call: Call, response: ServerResponse): void {
    if (call.path === '/events') this.follow(response);
    else send(response, this.carryOut(call));
  }

  /** The headers at once, and the rest as it happens. */
  private follow(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    this.followers.add(response);
    response.once('close', () => this.followers.delete(response));
  }

  private containerIn(path: string, rest: string): DoubleContainer | undefined {
    const [, kind, id = '', after = ''] = path.split('/');
    if (kind !== 'containers' || after !== rest) return undefined;
    return this.containers.get(id) ?? [...this.containers.values()].find(({ name }) => name === id);
  }

  private carryOut(call: Call): Reply {
    if (call.path === '/_ping') return { status: 200 };
    if (call.path.startsWith('/containers/')) return this.carryOutContainer(call);
    if (call.path.startsWith('/images/')) return { status: 200, body: { Id: 'sha256:double' } };
    return this.carryOutThing(call);
  }

  private carryOutContainer({ method, path, query, body }: Call): Reply {
    const [, , id, after = ''] = path.split('/');
    if (id === 'json') return { status: 200, body: this.listed(query) };
    if (id === 'create') return this.create(query.get('name') ?? '', createBody.parse(body));
    const container = this.containerIn(path, after);
    return container === undefined ? missing('container') : this.change(container, `${method} ${after}`, query);
  }

  private carryOutThing({ method, path, query, body }: Call): Reply {
    const [, kind = '', id = ''] = path.split('/');
    const things = kind === 'volumes' ? this.volumes : this.networks;
    if (method === 'POST') {
      const { Name, Labels } = namedBody.parse(body);
      if (kind === 'networks' && things.has(Name)) return { status: 500, body: { message: `${Name} already exists` } };
      things.set(Name, Labels);
      return { status: 201, body: { Id: Name, Name } };
    }
    if (id === '') return { status: 200, body: listOf(things, { kind, query }) };
    if (!things.has(id)) return missing(kind);
    if (method === 'DELETE') things.delete(id);
    return { status: 200, body: { Name: id } };
  }

  private create(name: string, { Labels: labels, HostConfig }: z.infer<typeof createBody>): Reply {
    if ([...this.containers.values()].some((each) => each.name === name))
      return { status: 500, body: { message: `the container name "${name}" is already in use` } };
    const id = randomUUID();
    const networkMode = HostConfig.NetworkMode;
    const container = { id, name, labels, networkMode, running: false, begun: false, exitCode: 0, signals: [] };
    this.containers.set(id, container);
    return { status: 201, body: { Id: id } };
  }

  private change(container: DoubleContainer, what: string, query: URLSearchParams): Reply {
    const { id, running, begun, exitCode, labels } = container;
    switch (what) {
      case 'GET json': {
        const ended = begun ? 'exited' : 'created';
        const State = { Running: running, Status: running ? 'running' : ended, ExitCode: exitCode };
        const NetworkSettings = { Networks: { skiff: { IPAddress: '127.0.0.2' } } };
        return { status: 200, body: { Id: id, State, Config: { Labels: labels }, NetworkSettings } };
      }
      case 'POST start': {
        const started = { status: running ? 304 : 204 };
        container.running = true;
        container.begun = true;
        return started;
      }
      case 'POST kill': {
        if (!running) return { status: 500, body: { message: 'can only kill running containers' } };
        const signal = query.get('signal') ?? '';
        container.signals.push(signal);
        if (signal === 'SIGKILL') this.end(container, 137);
        return { status: 204 };
      }
      case 'DELETE ': {
        const dependent = [...this.containers.values()].some((each) => each.networkMode === `container:${id}`);
        if (dependent) return { status: 500, body: { message: `container ${id} has dependent containers` } };
        this.containers.delete(id);
        this.end(container, 137);
        return { status: 204 };
      }
      default:
        return { status: 200, body: {} };
    }
  }

  private listed(query: URLSearchParams): object {
    return [...this.containers.values()]
      .filter(({ labels }) => matches(labels, query))
      .map(({ id, name, labels, running }) => ({
        Id: id,
        Names: [`/${name}`],
        State: running ? 'running' : 'exited',
        Labels: labels,
      }));
  }
}

type Things = Map<string, Readonly<Record<string, string>>>;

function listOf(things: Things, { kind, query }: { kind: string; query: URLSearchParams }): object {
  const list = [...things]
    .filter(([, labels]) => matches(labels, query))
    .map(([Name, Labels]) => ({ Id: Name, Name, Labels }));
  return kind === 'volumes' ? { Volumes: list } : list;
}

const filters = z.object({ label: z.array(z.string()).default([]) });

function matches(labels: Readonly<Record<string, string>>, query: URLSearchParams): boolean {
  const { label } = filters.parse(JSON.parse(query.get('filters') ?? '{}'));
  return label.every((each) => {
    const [key = '', value] = each.split('=');
    return value === undefined ? key in labels : labels[key] === value;
  });
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', server: 'Libpod/4.3.1 (linux)' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function cut(response: ServerResponse, { status }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.write('{"Id":', () => response.socket?.destroy());
}
