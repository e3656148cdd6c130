import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { otherSiteProblem } from './other-site.ts';
import { json } from './respond.ts';
import { targetProblem } from './target-problem.ts';

/** A call of a Lambda function URL (payload format 2.0); only what is used of it. */
export interface FunctionUrlEvent {
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** Names in lower case, values of one name joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly requestContext: { readonly domainName: string; readonly http: { readonly method: string } };
}

/** What goes ahead of a streamed body. */
export interface ResponseMetadata {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What Lambda's runtime for Node gives to functions that stream their answers. */
export interface LambdaStreaming {
  streamifyResponse(handler: (event: FunctionUrlEvent, stream: Writable) => Promise<void>): unknown;
  readonly HttpResponseStream: {
    /** The stream of the body. Status and headers are sent with the first thing that is written to it. */
    from(stream: Writable, metadata: ResponseMetadata): Writable;
  };
}

declare const awslambda: LambdaStreaming;

export interface FunctionUrlOptions {
  fetch(request: Request): Response | Promise<Response>;
  /** Whether the answer to this request may have nothing to say for long: then its headers are sent by themselves. */
  waits(request: Request): boolean;
}

/** The handler of a function with a URL whose invoke mode is RESPONSE_STREAM. */
export const functionUrlHandler = (options: FunctionUrlOptions): unknown =>
  awslambda.streamifyResponse(async (event, stream) => {
    const request = requestOf(event);
    const response = refusal(event, request.headers) ?? (await options.fetch(request));
    const headers = Object.fromEntries(response.headers);
    const body = awslambda.HttpResponseStream.from(stream, { statusCode: response.status, headers });
    // Clients of a watch wait for its headers. Between the lines of its events an empty line says nothing.
    body.write(response.ok && options.waits(request) ? '\n' : '');
    await send(response, body);
    body.end();
  });

/** The answer to a request that nothing looks at. */
function refusal({ rawPath }: FunctionUrlEvent, headers: Headers): Response | undefined {
  const [host, origin, site] = ['host', 'origin', 'sec-fetch-site'].map((name) => headers.get(name));
  const problem = targetProblem(rawPath) ?? otherSiteProblem({ host, origin, site });
  return problem === undefined ? undefined : json(JSON.stringify(problem.status), { status: problem.code });
}

/** The request of a call. */
function requestOf({
  rawPath,
  rawQueryString,
  headers,
  body,
  isBase64Encoded,
  requestContext,
}: FunctionUrlEvent): Request {
  const query = rawQueryString === '' ? '' : `?${rawQueryString}`;
  const { method } = requestContext.http;
  const bodiless = body === undefined || method === 'GET' || method === 'HEAD';
  return new Request(`https://${requestContext.domainName}${rawPath}${query}`, {
    method,
    headers,
    ...(bodiless ? {} : { body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8') }),
  });
}

/** Writes a body as fast as it can be taken. */
async function send(response: Response, stream: Writable): Promise<void> {
  if (response.body === null) return;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
}
