import { maximumBodyBytes } from '../../kubernetes/limits.ts';
import { badRequest, requestTooLarge, StatusError } from '../../kubernetes/status-error.ts';
import { joinedBytes } from './joined-bytes.ts';

/** The bytes of a request's body. Throws StatusError 413 as soon as they are too many, without reading the rest. */
export async function readBody(request: Request): Promise<Uint8Array> {
  const announced = request.headers.get('content-length');
  if (announced !== null && Number(announced) > maximumBodyBytes) throw requestTooLarge(maximumBodyBytes);
  try {
    if (announced !== null && /^\d+$/.test(announced)) return new Uint8Array(await request.arrayBuffer());
    return request.body === null ? new Uint8Array() : await readStream(request.body);
  } catch (error) {
    // A client that goes before it has said all is no fault of the server.
    throw error instanceof StatusError ? error : badRequest('unable to read the request body: unexpected EOF');
  }
}

async function readStream(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.byteLength;
    if (length > maximumBodyBytes) throw requestTooLarge(maximumBodyBytes);
    chunks.push(chunk);
  }
  return joinedBytes(chunks, length);
}
