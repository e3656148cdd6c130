import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { ContainerExit } from '../runtime.ts';
import { type Engine, isMissing } from './engine.ts';

/** What of an inspected container is read. */
export const containerAnswer = z.object({
  Id: z.string(),
  State: z.object({ Running: z.boolean(), ExitCode: z.number(), OOMKilled: z.boolean().optional() }),
  Config: z.object({
    Tty: z.boolean().optional(),
    StopSignal: z.union([z.string(), z.number()]).nullish(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  NetworkSettings: z
    .object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string() })).nullish() })
    .nullish(),
});

export type InspectedContainer = z.infer<typeof containerAnswer>;

const retryMilliseconds = 1000;
/** Podman may never answer a wait for a container that another process has removed. */
const longestWaitMilliseconds = 15_000;

export const inspect = async (engine: Engine, id: string): Promise<InspectedContainer> =>
  containerAnswer.parse(await engine.call('GET', `/containers/${id}/json`));

/** Podman answers a wait up to half a second late. */
const soonMilliseconds = 2000;
const lookMilliseconds = 20;

/** The end of a container that others wait for, when it comes within moments, as that of the toolbox does. */
async function soonExit(engine: Engine, id: string, signal: AbortSignal): Promise<ContainerExit | undefined> {
  for (let waited = 0; waited < soonMilliseconds && !signal.aborted; waited += lookMilliseconds) {
    try {
      const { State } = await inspect(engine, id);
      if (!State.Running) return exitOf(State);
    } catch {
      return undefined;
    }
    await wait(lookMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  }
  return undefined;
}

const exitOf = ({ ExitCode, OOMKilled }: InspectedContainer['State']): ContainerExit => ({
  exitCode: ExitCode,
  outOfMemory: OOMKilled === true,
});

/**
 * Waits for a container's end, however long, over restarts of the engine. A container that somebody has removed has
 * ended, nobody knows how. Undefined when the signal has aborted before.
 */
export async function watchExit(
  engine: Engine,
  { id, awaited }: { readonly id: string; readonly awaited: boolean },
  signal: AbortSignal,
): Promise<ContainerExit | undefined> {
  const soon = awaited ? await soonExit(engine, id, signal) : undefined;
  if (soon !== undefined) return soon;
  for (;;) {
    try {
      await engine.call('POST', `/containers/${id}/wait`, { signal, limitMilliseconds: longestWaitMilliseconds });
    } catch (error) {
      if (signal.aborted) return undefined;
      if (isMissing(error)) return {};
    }
    try {
      const { State } = await inspect(engine, id);
      if (!State.Running) return exitOf(State);
    } catch (error) {
      if (isMissing(error)) return {};
    }
    // The engine is gone, or the call has ended before the container has.
    await wait(retryMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return undefined;
  }
}
