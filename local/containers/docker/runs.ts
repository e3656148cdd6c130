import { errorMessage } from '../../../kubernetes/error-message.ts';
import { type RuntimeContainer, RuntimeFailure } from '../runtime.ts';
import { containerBody } from './container-body.ts';
import { createContainer } from './create-container.ts';
import type { Engine } from './engine.ts';
import type { Image } from './images.ts';
import { engineName, type Ownership } from './labels.ts';
import { remove } from './sweep.ts';
import type { DockerTask, Run } from './tasks.ts';

export interface RunSources {
  readonly engine: Engine;
  readonly ownership: Ownership;
  readonly task: DockerTask;
  readonly image: Image;
}

/** Makes a container of a task, and does not start it. Throws a RuntimeFailure; a task that is removed gets none. */
export async function createRun(
  container: RuntimeContainer,
  { engine, ownership, task, image }: RunSources,
): Promise<Run> {
  const { definition, taskId, name, awaited } = container;
  // Somebody may have removed an earlier one.
  const attempt = (task.runs.get(name)?.at(-1)?.attempt ?? -1) + 1;
  const body = containerBody(container, { ...task, ownership, image, attempt });
  const { installation } = ownership;
  const called = engineName({ installation, taskId, name, attempt: String(attempt) });
  const id = await createContainer(engine, called, body).catch(failure('CannotCreateContainerError'));
  if (task.ending.signal.aborted) {
    await discard(engine, id);
    throw new RuntimeFailure(`CannotCreateContainerError: ${beingRemoved}`);
  }
  const { stopSignal } = image;
  const tty = definition.pseudoTerminal === true;
  return { id, attempt, tty, stopSignal, awaited, ended: false, cancelKill: () => undefined };
}

/** Starts what was made; what cannot be started is removed. Throws a RuntimeFailure. */
export async function startRun(engine: Engine, { id }: Run, ending: AbortSignal): Promise<void> {
  try {
    if (ending.aborted) throw new RuntimeFailure(`CannotStartContainerError: ${beingRemoved}`);
    await engine.call('POST', `/containers/${id}/start`).catch(failure('CannotStartContainerError'));
  } catch (error) {
    await discard(engine, id);
    throw error;
  }
}

const beingRemoved = 'the task is being removed';

/** What cannot be removed now goes with the task. */
const discard = (engine: Engine, id: string): Promise<void> =>
  remove(engine, { path: `/containers/${id}`, running: true }, { force: true, v: true }).catch(() => undefined);

/** An engine's refusal in ECS's words. */
const failure =
  (kind: string) =>
  (error: unknown): never => {
    const message = errorMessage(error);
    throw new RuntimeFailure(`${kind}: Error response from daemon: ${message}`, { cause: error });
  };
