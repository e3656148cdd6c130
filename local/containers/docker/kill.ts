import { type Engine, isMissing } from './engine.ts';
import { inspect } from './inspect.ts';

const answerMilliseconds = 30_000;

/** Sends a signal to a container's first process. That it has ended already, or is no more, is no error. */
export async function kill(engine: Engine, id: string, signal: string): Promise<void> {
  try {
    const limits = { limitMilliseconds: answerMilliseconds };
    await engine.call('POST', `/containers/${id}/kill`, { query: { signal }, ...limits });
  } catch (error) {
    // Docker calls it a conflict, Podman an error of its own.
    if (!isMissing(error) && (await isRunning(engine, id))) throw error;
  }
}

async function isRunning(engine: Engine, id: string): Promise<boolean> {
  try {
    return (await inspect(engine, id)).State.Running;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
