import Modem from 'docker-modem';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Duplex, Readable } from 'node:stream';
import { inspect } from 'node:util';
import { inTime } from './time-limit.ts';
import { retrying } from './until-done.ts';

/** Where an engine listens. */
export type EngineAddress = Readonly<Pick<NonNullable<ConstructorParameters<typeof Modem>[0]>, 'socketPath'>> & {
  /** As people write it: `unix:///run/podman/podman.sock`. */
  readonly url: string;
  readonly host?: string;
  readonly port?: string;
  readonly protocol?: 'http' | 'https';
  /** PEM, for engines behind TLS. */
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
};

export interface EngineRequest {
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
  /** How long the answer may take, instead of what is usual. Streams take as long as they take. */
  readonly limitMilliseconds?: number;
  /** For the registry that the engine asks, in a header of their own. */
  readonly registryCredentials?: { readonly username: string; readonly password: string };
}

/** How long an engine is waited for. */
export interface Patience {
  /** For an answer: a machine that starts a hundred containers at once is slow, not dead. */
  readonly answerMilliseconds: Readonly<Record<'GET' | 'POST' | 'DELETE', number>>;
  /** To be there again. */
  readonly absenceMilliseconds: number;
}

const standardPatience: Patience = {
  answerMilliseconds: { GET: 60_000, POST: 180_000, DELETE: 180_000 },
  absenceMilliseconds: 10_000,
};

type Method = 'GET' | 'POST' | 'DELETE';

/** What the engine refused, in its own words. */
export class EngineError extends Error {
  readonly statusCode: number;

  constructor(message: string, statusCode: number) {
    super(message);
    this.name = 'EngineError';
    this.statusCode = statusCode;
  }
}

/** No such container, image, network, volume. */
export const isMissing = (error: unknown): boolean => error instanceof EngineError && error.statusCode === 404;

/** The thing is in another state than the call needs, or there already. */
export const isConflict = (error: unknown): boolean => error instanceof EngineError && error.statusCode === 409;

/** Nobody listens, or whoever did is gone: engines are restarted. What was asked for may have been done. */
export const isAbsence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && absences.has(String(error.code));

const absences = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

const successes = { 101: true, 200: true, 201: true, 204: true, 304: true };

/** Calls of the Docker Engine API. Rejects with EngineError when the engine refuses, with another error when it is gone. */
export class Engine {
  readonly url: string;
  private readonly modem: Modem;
  private readonly patience: Patience;

  constructor(address: EngineAddress, patience: Patience = standardPatience) {
    const { url, host, socketPath, ...rest } = address;
    this.url = url;
    this.patience = patience;
    // A call that is aborted when its connection has just been given back would leave that with an error nobody hears.
    const agent = unwritten(rest.protocol === 'https' ? new HttpsAgent() : new HttpAgent());
    this.modem = new Modem({ ...rest, agent, ...(host === undefined ? { socketPath } : { host }) });
  }

  /**
   * Answers the parsed body; a Buffer when it is no JSON. Asks again while the engine is away, so that whatever is asked
   * for may be done twice. Rejects with NoAnswer when the engine takes too long.
   */
  call(method: Method, path: string, request: EngineRequest = {}): Promise<unknown> {
    const { signal } = request;
    const milliseconds = request.limitMilliseconds ?? this.patience.answerMilliseconds[method];
    return retrying(
      () =>
        inTime({ milliseconds, what: `${method} ${path}`, signal }, (ending) =>
          this.ask(method, path, { ...request, signal: ending }),
        ),
      { milliseconds: this.patience.absenceMilliseconds, worthwhile: isAbsence, signal },
    );
  }

  /** The library would never tell of an answer whose end is missing: who reads the body is told. */
  private async ask(method: Method, path: string, request: EngineRequest): Promise<unknown> {
    const body = await this.stream(method, path, request);
    const parts: Buffer[] = [];
    for await (const part of body) parts.push(part);
    return parsed(Buffer.concat(parts));
  }

  /** Answers the body as it comes. */
  async stream(method: Method, path: string, request: EngineRequest = {}): Promise<Readable> {
    const answer = await this.dial(method, path, { request, options: { isStream: true } });
    // Who reads it is told of errors; one that comes when nobody reads any more is of no matter.
    if (answer instanceof Readable) return answer.on('error', () => undefined);
    throw new Error(`${this.url} answered ${path} without a stream`);
  }

  /** Turns the connection into one of raw bytes, both ways. */
  async hijack(path: string, request: EngineRequest = {}): Promise<Duplex> {
    const { signal, limitMilliseconds: milliseconds = this.patience.answerMilliseconds.POST } = request;
    const answer = await inTime({ milliseconds, what: `POST ${path}`, signal }, (ending) =>
      this.dial('POST', path, {
        request: { ...request, signal: ending },
        options: {
          isStream: true,
          hijack: true,
          openStdin: true,
          // The library would hold back a request without a body, or add one, which is input already.
          ...(request.body === undefined ? { file: Buffer.alloc(0) } : {}),
        },
      }),
    );
    if (answer instanceof Duplex) return answer;
    throw new Error(`${this.url} answered ${path} without a stream`);
  }

  private dial(
    method: Method,
    path: string,
    { request, options = {} }: { request: EngineRequest; options?: Partial<Modem.DialOptions> },
  ): Promise<unknown> {
    const query = Object.entries(request.query ?? {}).filter(([, value]) => value !== undefined);
    const dialled: Modem.DialOptions = {
      path: query.length === 0 ? path : `${path}?`,
      method,
      options: { _query: Object.fromEntries(query), _body: request.body ?? {} },
      statusCodes: successes,
      ...(request.signal === undefined ? {} : { abortSignal: request.signal }),
      ...(request.registryCredentials === undefined ? {} : { authconfig: { ...request.registryCredentials } }),
      ...options,
    };
    return new Promise((resolve, reject) => {
      this.modem.dial(dialled, (error, result) => (error === null ? resolve(result) : reject(engineError(error))));
    });
  }
}

/** The library writes out each request, for a log that nobody keeps: an agent, with all its connections, takes long. */
const unwritten = <Agent extends object>(agent: Agent): Agent =>
  Object.assign(agent, { [inspect.custom]: () => 'agent' });

/** The library puts the engine's words behind its own. */
function engineError(error: Error): Error {
  if (!('statusCode' in error) || typeof error.statusCode !== 'number') return error;
  const { message } = error;
  return new EngineError(message.replace(/^\(HTTP code \d+\) \w+ - /, '').trim(), error.statusCode);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return body;
  }
}
