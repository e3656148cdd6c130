import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { ContainerExit } from '../runtime.ts';
import { type Engine, isMissing } from './engine.ts';
import { inspect } from './inspect.ts';

/** Podman's names and Docker's: a container's process has ended, or the container has gone. */
const filters = { type: ['container'], event: ['die', 'died', 'remove', 'destroy'] };
const eventLine = z.object({ Actor: z.object({ ID: z.string() }) });

/** How long nothing is looked at unasked: an event may get lost, and some engines are set up to tell none. */
const lookMilliseconds = { withEvents: 10_000, without: 1000 };
const reconnectMilliseconds = 1000;
/** What others wait for, as they do for the toolbox, often ends before its event could come. */
const soonMilliseconds = 10;

/**
 * The ends of containers, over restarts of the engine. One stream of events says at which container to look, and whatever
 * it says, only the look counts. The engine's own way to wait for a container keeps a processor busy in Podman 4.
 */
export class Exits {
  private readonly engine: Engine;
  private readonly ending: AbortSignal;
  private readonly naps = new Map<string, Set<() => void>>();
  private following: Promise<void> | undefined;
  private told = false;

  /** The signal ends the stream of events. */
  constructor(engine: Engine, ending: AbortSignal) {
    this.engine = engine;
    this.ending = ending;
  }

  /**
   * Waits for a container's end, however long. `awaited`: it is expected within moments. A container that somebody has
   * removed has ended, nobody knows how. Undefined when the signal has aborted before.
   */
  async of(
    { id, awaited }: { readonly id: string; readonly awaited: boolean },
    signal: AbortSignal,
  ): Promise<ContainerExit | undefined> {
    this.following ??= this.follow();
    for (let soon = awaited ? soonMilliseconds : Infinity; !signal.aborted; soon *= 2) {
      const regular = this.told ? lookMilliseconds.withEvents : lookMilliseconds.without;
      // It may be told while it is looked at.
      const nap = this.nap(id, Math.min(soon, regular), signal);
      const end = await this.look(id);
      if (end !== undefined) {
        nap.end();
        return end;
      }
      await nap.over;
    }
    return undefined;
  }

  private async look(id: string): Promise<ContainerExit | undefined> {
    try {
      const { State } = await inspect(this.engine, id);
      return State.Running ? undefined : { exitCode: State.ExitCode, outOfMemory: State.OOMKilled === true };
    } catch (error) {
      // An engine that is gone tells nothing.
      return isMissing(error) ? {} : undefined;
    }
  }

  /** A wait for an event, as long as a look may take to come. */
  private nap(id: string, milliseconds: number, signal: AbortSignal): { readonly over: Promise<void>; end(): void } {
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        sleepers.delete(end);
        if (sleepers.size === 0) this.naps.delete(id);
        resolve();
      };
      const timer = setTimeout(() => end(), milliseconds).unref();
      signal.addEventListener('abort', end, { once: true });
      const sleepers = this.naps.get(id) ?? new Set();
      this.naps.set(id, sleepers.add(end));
    });
    return { over, end };
  }

  private wake(id: string): void {
    for (const end of this.naps.get(id) ?? []) end();
  }

  private async follow(): Promise<void> {
    while (!this.ending.aborted) {
      try {
        await this.followOnce();
      } catch {
        // The engine is gone, or tells no events.
      }
      this.told = false;
      await wait(reconnectMilliseconds, undefined, { signal: this.ending, ref: false }).catch(() => undefined);
    }
  }

  private async followOnce(): Promise<void> {
    const stream = await this.engine.stream('GET', '/events', { query: { filters }, signal: this.ending });
    this.told = true;
    // What happened before nobody has told.
    for (const id of this.naps.keys()) this.wake(id);
    const lines = createInterface({ input: stream }).on('error', () => undefined);
    for await (const line of lines) {
      const event = eventLine.safeParse(parsed(line));
      if (event.success) this.wake(event.data.Actor.ID);
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
