import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import type { Clients } from '../../../aws/clients.ts';
import { rateExceeded } from '../../../aws/rate.ts';
import type { Clock } from '../../../kubernetes/clock.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { startHarness, type Harness } from '../../support/harness.ts';
import { comparable, isMarked, objectsOf, resourcesOf, type Resources } from './belongings.ts';
import { givesAway, pass, settleIn } from './quiet-tenant.ts';
import { WatchfulRuntime } from './watchful-runtime.ts';

/** A call that changes something in AWS. */
export interface AwsWrite {
  readonly operation: string;
  readonly input: object;
}

/** Something that the tenant of `a` does, or a while in which it does nothing. */
export type Operation =
  | {
      readonly method: string;
      readonly path: string;
      readonly body?: unknown;
      readonly type?: string;
    }
  /** Over a WebSocket. */
  | { readonly stream: string }
  | { readonly seconds: number };

/**
 * Two tenants of one installation: `b`, who has all kinds of things and leaves them alone, and `a`, who may write to its
 * own namespace only. All that is done in AWS, in containers and in answers is watched from the moment `b` has settled.
 */
export class Neighbours {
  readonly harness: Harness;
  readonly runtime: WatchfulRuntime;
  /** What `b` has, before `a` has done anything. */
  before: { readonly resources: Resources; readonly lines: readonly string[] };
  readonly objects: Awaited<ReturnType<typeof objectsOf>>;
  /** Names and ARNs in AWS that are `b`'s alone. */
  readonly names: readonly string[];
  private readonly taskIds: ReadonlySet<string>;
  /** Names of all secrets that were asked for since. */
  readonly secrets: string[] = [];
  private readonly writes: AwsWrite[];
  private readonly answers: string[] = [];
  private startsSeen: number;
  readonly server: Server;

  private constructor(parts: Pick<Neighbours, 'harness' | 'runtime' | 'before' | 'objects'> & { writes: AwsWrite[] }) {
    this.harness = parts.harness;
    this.runtime = parts.runtime;
    this.before = parts.before;
    this.objects = parts.objects;
    this.writes = parts.writes;
    this.names = namesIn(parts.before.resources);
    this.taskIds = new Set(parts.before.resources.tasks.map(({ taskArn }) => lastPart(String(taskArn))));
    this.startsSeen = parts.runtime.started.length;
    this.server = createServer().on('upgrade', parts.harness.upgrade);
  }

  static async move(): Promise<Neighbours> {
    const clock = new ManualClock();
    const runtime = new WatchfulRuntime({ clock });
    const harness = await startHarness({ clock, runtime, newId: ids() });
    await settleIn(harness);
    await harness.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'a' } } });
    await harness.pass(1);
    const objects = await objectsOf(harness.store, 'b');
    const before = await stateOf(harness);
    const neighbours = new Neighbours({
      harness,
      runtime,
      before,
      objects,
      writes: watched(harness.emulation.clients, clock),
    });
    neighbours.server.listen(0, '127.0.0.1');
    await once(neighbours.server, 'listening');
    return neighbours;
  }

  async leave(): Promise<void> {
    this.server.close();
    await this.harness.stop();
  }

  async act(operation: Operation): Promise<void> {
    if ('seconds' in operation) return pass(this.harness, operation.seconds);
    if ('stream' in operation) return this.open(operation.stream);
    const { method, path, body, type } = operation;
    const answer = await this.harness.app.request(path, {
      method,
      headers: { authorization: 'Bearer token-of-the-harness', 'content-type': type ?? 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.answers.push(await answer.text());
  }

  /** What has been done to `b` or learnt of it since `a` came. Each is told once. */
  async wrongs(): Promise<string[]> {
    const writes = this.writes.splice(0);
    const accesses = this.runtime.accesses.splice(0);
    const starts = this.runtime.started.slice(this.startsSeen);
    this.startsSeen += starts.length;
    this.secrets.push(...writes.flatMap(({ input }) => ('Name' in input ? String(input.Name) : [])));
    const own = await objectsOf(this.harness.store, 'a');
    return [
      ...writes.filter((write) => this.concerns(write)).map(({ operation, input }) => short(operation, input)),
      ...accesses.filter(({ taskId }) => this.taskIds.has(taskId)).map(({ what, taskId }) => short(what, taskId)),
      ...starts.filter(({ definition }) => givesAway(JSON.stringify(definition))).map((each) => short('started', each)),
      ...this.answers.splice(0).flatMap((answer) => (givesAway(answer) ? short('answered', answer) : [])),
      ...own.flatMap((object) => (givesAway(JSON.stringify(object)) ? short('holds', object.metadata) : [])),
    ];
  }

  /** The same, and every line of what `b` has that is not as it was. */
  async harm(): Promise<string[]> {
    const after = await stateOf(this.harness);
    const [before, now] = [this.before.lines, after.lines];
    return [
      ...(await this.wrongs()),
      ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
      ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
    ];
  }

  /** What `b` has is from now on as it is now: it has done something itself. */
  async remember(): Promise<void> {
    await this.wrongs();
    this.before = await stateOf(this.harness);
  }

  /** What `a` has in AWS. */
  async leftovers(): Promise<readonly unknown[]> {
    const { clients } = this.harness.emulation;
    const { services, tasks, definitions } = await resourcesOf(clients, 'a');
    const kept: string[] = [];
    for (const name of this.secrets.filter((each) => each.startsWith('skiff/skiff/a/')))
      if (!(await isMarked(clients, name))) kept.push(name);
    return [...services, ...tasks, ...definitions, ...kept];
  }

  private concerns({ input }: AwsWrite): boolean {
    const text = JSON.stringify(input, (key, value: unknown) => (saidByTheAuthor.has(key) ? undefined : value));
    return this.names.some((name) => text.includes(name)) || /"skiff.dev\/namespace","[vV]alue":"b"/.test(text);
  }

  private async open(path: string): Promise<void> {
    const { port } = this.server.address() as AddressInfo;
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, ['v4.channel.k8s.io'], {
      headers: { authorization: 'Bearer token-of-the-harness' },
    });
    socket.on('message', (data: Buffer) => {
      this.answers.push(data.toString('latin1', 1));
      if (path.includes('/portforward')) socket.close();
    });
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.once('error', () => resolve());
    });
  }
}

async function stateOf({ store, emulation }: Harness): Promise<Neighbours['before']> {
  const resources = await resourcesOf(emulation.clients, 'b');
  const objects = (await objectsOf(store, 'b')).map(comparable);
  // Each line says where it stands, so that lines can be compared as sets.
  const lines = [resources, ...objects].flatMap((one) => linesOf(one, ''));
  return { resources, lines };
}

const linesOf = (value: unknown, path: string): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, member]) => linesOf(member, `${path}.${key}`))
    : [`${path} = ${String(value)}`];

/** Members of a task definition that say what a manifest says: they may hold any text, and do nothing with it. */
const saidByTheAuthor: ReadonlySet<string> = new Set(['command', 'dockerLabels', 'environment']);

/** Long enough to say what it was. */
const short = (what: string, about: unknown): string => `${what} ${JSON.stringify(about)}`.slice(0, 300);

const lastPart = (arn: string): string => arn.split('/').at(-1) ?? arn;

/** Without the region and the account, which `a` has too. */
const namesIn = ({ services, tasks, definitions, secrets }: Resources): string[] => [
  ...services.map(({ serviceArn }) => lastPart(String(serviceArn))),
  ...tasks.map(({ taskArn }) => lastPart(String(taskArn))),
  ...definitions.map(lastPart),
  ...Object.keys(secrets).map((arn) => (arn.split(':secret:')[1] ?? arn).slice(0, -7)),
];

/** Above that AWS is busy for the rest of five seconds: so everything ends, whatever somebody has set going. */
const mostCalls = 400;

/** All calls of the clients that change something, from now on. */
function watched({ ecs, secretsmanager }: Clients, clock: Clock): AwsWrite[] {
  const writes: AwsWrite[] = [];
  let calls = 0;
  let since = clock.now();
  for (const client of [ecs, secretsmanager]) {
    (client.middlewareStack as Clients['ecs']['middlewareStack']).add(
      (next, context) => (call) => {
        const operation = String(context['commandName']).replace(/Command$/, '');
        if (!/^(Describe|List)/.test(operation)) writes.push({ operation, input: call.input });
        if (clock.now() - since > 5000) [calls, since] = [0, clock.now()];
        calls += 1;
        if (calls > mostCalls) throw rateExceeded(1);
        return next(call);
      },
      { step: 'initialize', priority: 'high', name: 'watchWrites' },
    );
  }
  return writes;
}

/** UUIDs that differ at the front, as real ones do: names are made from that. */
function ids(): () => string {
  let count = 0;
  return () => {
    count += 1;
    const digits = ((count * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0');
    return `${digits}-0000-4000-8000-${String(count).padStart(12, '0')}`;
  };
}
