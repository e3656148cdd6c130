import type { FunctionUrlEvent } from '../../../functions/api/function-url.ts';
import { type LambdaFunction, PayloadTooLarge, Throttled } from './function.ts';

/**
 * A function URL whose invoke mode is RESPONSE_STREAM. Status and headers reach the client with the first byte of the
 * body, or at its end; when the client goes, the function goes on.
 */
export function functionUrl(lambda: LambdaFunction): (request: Request) => Promise<Response> {
  return async (request) => {
    const event = await eventOf(request);
    return new Promise((resolve) => {
      let head: ResponseInit | undefined;
      let answered = false;
      let gone = false;
      let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
      const body = new ReadableStream<Uint8Array>({
        start: (given) => {
          controller = given;
        },
        cancel: () => {
          gone = true;
        },
      });
      const answer = (): void => {
        if (!answered) resolve(new Response(isBodiless(head?.status) ? null : body, head));
        answered = true;
      };
      lambda
        .invoke(event, {
          metadata: (status, headers) => {
            head = { status, headers: { ...headers } };
          },
          chunk: (bytes) => {
            if (bytes.length === 0 || gone) return;
            controller?.enqueue(bytes);
            answer();
          },
        })
        .then(
          () => {
            answer();
            if (!gone) controller?.close();
          },
          (error: unknown) => {
            if (answered && !gone) controller?.error(error);
            resolve(failure(error));
          },
        );
    });
  };
}

const isBodiless = (status: number | undefined): boolean => status === 204 || status === 304;

function failure(error: unknown): Response {
  if (error instanceof Throttled)
    return new Response('{"Reason":"ConcurrentInvocationLimitExceeded"}', { status: 429 });
  if (error instanceof PayloadTooLarge) return new Response('Request Entity Too Large', { status: 413 });
  return new Response('Internal Server Error', { status: 502 });
}

async function eventOf(request: Request): Promise<FunctionUrlEvent> {
  const url = new URL(request.url);
  const body = Buffer.from(await request.arrayBuffer());
  const isText = /^(text\/|application\/(.*\+)?(json|xml|yaml|javascript))/.test(
    request.headers.get('content-type') ?? '',
  );
  return {
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers: Object.fromEntries(request.headers),
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
    requestContext: { domainName: url.host, http: { method: request.method } },
  };
}
