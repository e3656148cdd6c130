import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Received, send } from '../../support/send.ts';
import { ServedProgram } from '../../support/served-program.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { Findings, general, problemOf } from './findings.ts';
import { type FuzzRequest, fuzzRequest } from './requests.ts';
import { type Look, startPoll } from './poll.ts';

export interface FuzzOptions {
  readonly program: string;
  readonly seed: number;
  readonly first: number;
  readonly requests: number;
  readonly say: (text: string) => void;
}

/** Milliseconds that an answer to the poll may be late: the event loop never stands longer. */
const lateMilliseconds = 200;
/** A stall so long is none of the machine's, even when it cannot be made again. */
const certainMilliseconds = 1000;
/** Megabytes of memory that the server may take, whatever is sent. */
const residentMegabytes = 768;

interface Polled {
  readonly server: ServedProgram;
  readonly kill: () => Promise<void>;
}

interface Span {
  readonly index: number;
  readonly request: FuzzRequest;
  readonly began: number;
  ended: number;
}

/** Sends requests one after the other, beside a poll of /healthz, and gathers what is wrong. */
export class Fuzz {
  readonly findings: Findings;
  readonly worst = { own: 0, resident: 0 };
  private readonly options: FuzzOptions;
  private readonly statuses = new Map<string, number>();
  private polled: Polled | undefined;
  private spans: Span[] = [];
  private readonly suspects = new Map<string, { readonly index: number; readonly own: number }>();

  constructor(options: FuzzOptions) {
    this.options = options;
    this.findings = new Findings(options);
  }

  async run(): Promise<void> {
    const { first, requests, say } = this.options;
    for (let index = first; index < first + requests; index += 1) {
      await this.one(index);
      if ((index - first + 1) % 1000 === 0)
        say(`${index - first + 1} requests, ${this.findings.lines.length} findings`);
    }
    await wait(500);
    await this.endsWell();
    await this.drop();
    await this.confirm();
    say(
      `statuses ${JSON.stringify(Object.fromEntries([...this.statuses].toSorted(([a], [b]) => a.localeCompare(b))))}`,
    );
    say(`latest poll ${Math.round(this.worst.own)} ms, most memory ${Math.round(this.worst.resident)} MB`);
  }

  private async one(index: number): Promise<void> {
    const { server } = (this.polled ??= await this.begin((look) => this.look(look)));
    const request = fuzzRequest(this.options.seed, index);
    const span = { index, request, began: Date.now(), ended: Number.POSITIVE_INFINITY };
    this.spans = [...this.spans.slice(-20), span];
    const received = await exchange(server, request);
    span.ended = Date.now();
    // It was given up for the memory that it took: what became of the request says nothing.
    if (this.polled?.server !== server) return;
    const status = String(received.status ?? received.problem);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    const problem = problemOf(request, received, server.complaints);
    if (problem !== undefined) this.findings.add(problem, request, index);
    if (!server.isAlive) this.findings.add(`the process has ended: ${request.shape}`, request, index);
    if (!server.isAlive || received.problem === 'no answer in time') await this.drop();
    server.complaints.splice(0, server.complaints.length - 5);
  }

  private async begin(seen: (look: Look) => void): Promise<Polled> {
    const server = await ServedProgram.start(this.options.program, await temporaryDirectory());
    const endPoll = startPoll(server, seen);
    const kill = async (): Promise<void> => {
      endPoll();
      await server.end('SIGKILL');
    };
    onTestFinished(kill);
    return { server, kill };
  }

  /** The next request has a server of its own again. */
  private async drop(): Promise<void> {
    const { polled } = this;
    this.polled = undefined;
    await polled?.kill();
  }

  private look({ began, took, own, resident, isHealthy }: Look): void {
    const meanwhile = this.spans.filter((span) => span.began < began + took && span.ended > began);
    const span = meanwhile.toSorted((a, b) => duration(b) - duration(a))[0] ?? this.spans.at(-1);
    if (span === undefined) return;
    const { index, request } = span;
    this.worst.own = Math.max(this.worst.own, own);
    this.worst.resident = Math.max(this.worst.resident, resident);
    if (!isHealthy) this.findings.add('/healthz is not well', request, index);
    if (resident > residentMegabytes) {
      this.findings.add(`more than ${residentMegabytes} MB of memory: ${general(request.shape)}`, request, index);
      void this.drop();
    }
    const what = general(request.shape);
    if (own > certainMilliseconds) this.findings.add(`/healthz late by more than a second: ${what}`, request, index);
    else if (own > lateMilliseconds && (this.suspects.get(what)?.own ?? 0) < own)
      this.suspects.set(what, { index, own });
  }

  /** What was late once is sent again to a new server: what is slow by itself is slow again. */
  private async confirm(): Promise<void> {
    for (const [what, { index, own }] of this.suspects) {
      const again = this.suspects.size > 60 ? own : Math.min(await this.alone(index), await this.alone(index));
      const text = `/healthz late by ${Math.round(own)} ms, and again by ${Math.round(again)}: ${what}`;
      if (again > lateMilliseconds) this.findings.add(text, fuzzRequest(this.options.seed, index), index);
      else this.options.say(`not again: ${text} (${index})`);
    }
  }

  /** How late the poll was beside one request, milliseconds. */
  private async alone(index: number): Promise<number> {
    let latest = 0;
    let polls = 0;
    const { server, kill } = await this.begin(({ own }) => {
      polls += 1;
      if (polls > 10) latest = Math.max(latest, own);
    });
    while (polls < 10) await wait(10);
    await exchange(server, fuzzRequest(this.options.seed, index));
    await wait(300);
    await kill();
    return latest;
  }

  /** After all that, the server still does what it is there for. */
  private async endsWell(): Promise<void> {
    const server = this.polled?.server;
    if (server === undefined) return;
    const path = '/api/v1/namespaces/default/configmaps';
    const body = JSON.stringify({ metadata: { name: 'in-the-end' } });
    const statuses = [
      await send(server, { method: 'POST', path, headers: { 'content-type': 'application/json' }, body }),
      await send(server, { method: 'GET', path: `${path}/in-the-end` }),
      await send(server, { method: 'DELETE', path: `${path}/in-the-end` }),
    ].map(({ status }) => status);
    if (statuses.join() !== '201,200,200') {
      const { seed, first, requests } = this.options;
      const last = first + requests - 1;
      this.findings.add(
        `in the end, create, get and delete are answered with ${statuses.join()}`,
        fuzzRequest(seed, last),
        last,
      );
    }
  }
}

const duration = ({ began, ended }: Span): number => Math.min(ended, Date.now()) - began;

/** A request, with what is made for it before and deleted after it. */
async function exchange(server: ServedProgram, request: FuzzRequest): Promise<Received> {
  const headers = { 'content-type': 'application/json' };
  if (request.prepare !== undefined) {
    const { path, object } = request.prepare;
    await send(server, { method: 'POST', path, headers, body: JSON.stringify(object) });
  }
  const received = await send(server, request);
  if (request.cleanup !== undefined && received.problem !== 'no answer in time') {
    await send(server, { method: 'DELETE', path: `${request.cleanup}?gracePeriodSeconds=0` });
  }
  return received;
}
