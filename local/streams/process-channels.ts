import { errorMessage } from '../../kubernetes/error-message.ts';
import type { ProcessRequest } from '../../functions/api/stream-request.ts';
import type { ContainerProcess, TerminalSize } from '../../functions/api/containers.ts';

/** A client's end of a process's streams, whatever it speaks. */
export interface ProcessChannels {
  /** Ends when the client has nothing more to say; fails or ends when it goes. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly sizes: AsyncIterable<TerminalSize>;
  /** Answers when more may be written. */
  write(stream: 'stdout' | 'stderr', data: Uint8Array): Promise<void>;
  /** Tells how it ended, and ends. */
  finish(outcome: Outcome): void;
  /** Resolves when the client has gone. */
  readonly gone: Promise<void>;
}

/** The Status that Kubernetes' clients take for the exit code. */
export interface Outcome {
  readonly metadata: object;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: { readonly causes: readonly { readonly reason: string; readonly message: string }[] };
  readonly code?: number;
}

/** Runs or joins a process and moves its streams until it ends or the client goes. Never rejects. */
export async function serveProcess(request: ProcessRequest, channels: ProcessChannels): Promise<void> {
  let process: ContainerProcess | undefined;
  try {
    process = await open(request);
    const opened = process;
    void channels.gone.then(() => opened.close());
    void feed(request, opened, channels);
    for await (const { stream, data } of process.output) {
      if (request[stream]) await channels.write(stream, data);
    }
    // Who attaches sees the streams end; how the process did is for the pod's status to say.
    channels.finish(request.action === 'attach' ? success : exitOutcome(await process.exitCode()));
  } catch (error) {
    channels.finish(failure(errorMessage(error)));
  } finally {
    process?.close();
  }
}

const open = ({ action, exec, container, command, stdin, tty }: ProcessRequest): Promise<ContainerProcess> =>
  action === 'exec' ? exec.start(container, { command, stdin, tty }) : exec.attach(container);

/** What the client says, to the process. That the process has ended, or the client has gone, is seen elsewhere. */
async function feed(request: ProcessRequest, process: ContainerProcess, channels: ProcessChannels): Promise<void> {
  const input = async (): Promise<void> => {
    for await (const data of channels.stdin) if (request.stdin) await process.write(data);
    if (request.stdin) process.endInput();
  };
  const sizes = async (): Promise<void> => {
    for await (const size of channels.sizes) if (request.tty) await process.resize(size);
  };
  await Promise.allSettled([input(), sizes()]);
}

const success: Outcome = { metadata: {}, status: 'Success' };

const failure = (message: string): Outcome => ({
  metadata: {},
  status: 'Failure',
  message: `error executing command in container: ${message}`,
  reason: 'InternalError',
  details: { causes: [{ reason: '', message }] },
  code: 500,
});

function exitOutcome(exitCode: number | undefined): Outcome {
  if (exitCode === undefined) return failure('the exit code is not known');
  if (exitCode === 0) return success;
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** The sizes in a stream of JSON, as clients write them one after the other; what is no size is passed over. */
export function terminalSize(json: string): TerminalSize | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null || !('Width' in value) || !('Height' in value)) return undefined;
    const { Width: columns, Height: rows } = value;
    return typeof columns === 'number' && typeof rows === 'number' ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}
