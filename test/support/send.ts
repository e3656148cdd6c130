import { Agent, request, type RequestOptions } from 'node:http';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface Received {
  /** undefined: there was no answer that a client can read; `problem` says why. */
  readonly status: number | undefined;
  readonly problem?: string;
  readonly bytes: number;
  /** The beginning of the body. */
  readonly text: string;
}

const agent = new Agent({ keepAlive: true });
/** What goes on, such as a watch, is left after this time. */
const streamMilliseconds = 30;
export const patienceMilliseconds = 20_000;

/** Sends one request as a client does that keeps its connections, with the limits that Node's clients have. Never rejects. */
export function send(to: { readonly port: number; readonly token: string }, sent: Sent): Promise<Received> {
  // Node sends a DELETE's body without a length, so that it would be read as the next request.
  const length = sent.body === undefined ? {} : { 'content-length': Buffer.byteLength(sent.body) };
  const headers = { authorization: `Bearer ${to.token}`, ...length, ...sent.headers };
  const options: RequestOptions = {
    host: '127.0.0.1',
    port: to.port,
    agent,
    method: sent.method,
    path: sent.path,
    headers,
  };
  return new Promise((resolve) => {
    let status: number | undefined;
    let bytes = 0;
    let text = '';
    const end = (problem?: string): void => {
      clearTimeout(patience);
      resolve({ status, bytes, text, ...(problem === undefined ? {} : { problem }) });
    };
    const call = request(options, (response) => {
      status = response.statusCode;
      response.setEncoding('latin1').on('data', (chunk: string) => {
        bytes += chunk.length;
        if (text.length < 4000) text += chunk;
      });
      response.once('end', () => end()).once('error', ({ message }) => end(message));
      if (response.headers['content-length'] === undefined) {
        setTimeout(() => {
          end();
          call.destroy();
        }, streamMilliseconds);
      }
    });
    const patience = setTimeout(() => {
      end('no answer in time');
      call.destroy();
    }, patienceMilliseconds);
    call.once('upgrade', (_response, socket) => {
      end('upgraded');
      socket.destroy();
    });
    call.once('error', (error) => end('code' in error ? String(error.code) : error.message));
    call.end(sent.body);
  });
}
