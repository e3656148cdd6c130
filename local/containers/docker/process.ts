import type { Duplex } from 'node:stream';
import { z } from 'zod';
import type { Command, ContainerProcess, TerminalSize } from '../../../functions/api/containers.ts';
import { writeTo } from '../../streams/write.ts';
import { type Engine, isConflict, isMissing } from './engine.ts';
import { multiplexed, unframed } from './frames.ts';

/** Somebody waits, at a terminal or for a health check. */
const limitMilliseconds = 30_000;

const execAnswer = z.object({ Id: z.string() });
const execState = z.object({ ExitCode: z.number().nullish(), Running: z.boolean().optional() });

/** Starts a command in a running container. Rejects with the engine's reason when it cannot be started. */
export async function startCommand(engine: Engine, id: string, command: Command): Promise<ContainerProcess> {
  const { stdin, tty } = command;
  const body = { AttachStdin: stdin, AttachStdout: true, AttachStderr: !tty, Tty: tty, Cmd: command.command };
  const { Id: exec } = execAnswer.parse(
    await engine.call('POST', `/containers/${id}/exec`, { body, limitMilliseconds }),
  );
  const streams = await engine.hijack(`/exec/${exec}/start`, { body: { Detach: false, Tty: tty }, limitMilliseconds });
  return new EngineProcess(streams, {
    engine,
    tty,
    resizePath: `/exec/${exec}/resize`,
    exitCode: async () => execState.parse(await engine.call('GET', `/exec/${exec}/json`)).ExitCode ?? undefined,
  });
}

export interface AttachOptions {
  readonly tty: boolean;
  exitCode(): Promise<number | undefined>;
}

/** Joins the streams of a container's first process. */
export async function attachTo(engine: Engine, id: string, options: AttachOptions): Promise<ContainerProcess> {
  const query = { stream: true, stdin: true, stdout: true, stderr: true };
  const streams = await engine.hijack(`/containers/${id}/attach`, { query, limitMilliseconds });
  return new EngineProcess(streams, { engine, ...options, resizePath: `/containers/${id}/resize` });
}

interface ProcessOptions extends AttachOptions {
  readonly engine: Engine;
  readonly resizePath: string;
}

class EngineProcess implements ContainerProcess {
  readonly output: ContainerProcess['output'];
  private readonly streams: Duplex;
  private readonly options: ProcessOptions;

  constructor(streams: Duplex, options: ProcessOptions) {
    this.streams = streams;
    this.options = options;
    this.output = options.tty ? unframed(streams) : multiplexed(streams);
    // An engine that goes away ends the output: whoever reads it is told there, and writers have nobody to tell.
    streams.on('error', () => undefined);
  }

  write(data: Uint8Array): Promise<void> {
    return writeTo(this.streams, data);
  }

  endInput(): void {
    this.streams.end();
  }

  async resize({ columns, rows }: TerminalSize): Promise<void> {
    try {
      await this.options.engine.call('POST', this.options.resizePath, { query: { w: columns, h: rows } });
    } catch (error) {
      // It has just ended.
      if (!isMissing(error) && !isConflict(error)) throw error;
    }
  }

  exitCode(): Promise<number | undefined> {
    return this.options.exitCode();
  }

  close(): void {
    this.streams.destroy();
  }
}
