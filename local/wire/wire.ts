import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceName } from '../../aws/operations.ts';
import type { Answer } from '../intercept.ts';
import { listening } from '../listening.ts';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { decodeInput, encodeOutput } from './coding.ts';
import { errorAnswer, type WireAnswer } from './errors.ts';
import { parseTarget } from './services.ts';

export interface WireOptions {
  /** Who answers for which service. Looked into at each call, so that queues can be named after the wire's own address. */
  readonly answers: Readonly<Partial<Record<ServiceName, Answer>>>;
  /** Any free one when absent. */
  readonly port?: number;
  /** A new UUID. */
  newId(): string;
}

export interface Wire {
  /** For `AWS_ENDPOINT_URL`, or `aws --endpoint-url`. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The largest request that DynamoDB takes, which is the largest of all. */
const maximumBytes = 16 * 1024 * 1024;

/**
 * Serves the emulation over HTTP on a loopback port, as AWS JSON 1.0 and 1.1: for programs in other processes, in any
 * language, and for the aws CLI. Neither signatures nor credentials are looked at. Rejects when it cannot listen.
 */
export async function startWire(options: WireOptions): Promise<Wire> {
  const server = createServer((request, response) => {
    void answerRequest(options, request).then(({ status, headers, body }) => {
      response.writeHead(status, { ...headers, 'x-amzn-RequestId': options.newId() }).end(body);
    });
  });
  await listening(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerRequest(options: WireOptions, request: IncomingMessage): Promise<WireAnswer> {
  const header = request.headers['x-amz-target'];
  const target = parseTarget(typeof header === 'string' ? header : undefined);
  try {
    const body = await readBody(request);
    if (target === undefined) throw new NotEmulatedError(`the service of ${request.method} ${request.url}`);
    const { service, operation } = target;
    const answer = options.answers[service.name];
    if (answer === undefined) throw new NotEmulatedError(`the service ${service.name}`);
    const input = decodeInput(service.name, body);
    if (input === undefined) throw clientError('SerializationException', 'the request is not a JSON object');
    const output = await answer(operation, input);
    return { status: 200, headers: { 'Content-Type': service.contentType }, body: encodeOutput(output) };
  } catch (error) {
    return errorAnswer(target?.service, error);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maximumBytes) chunks.push(chunk);
  }
  if (bytes > maximumBytes) throw clientError('RequestEntityTooLarge', 'the request is too large', 413);
  return Buffer.concat(chunks).toString();
}

const clientError = (name: string, message: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode } });
