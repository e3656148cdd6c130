import type { Engine } from './engine.ts';
import { installationLabel, taskLabel } from './labels.ts';
import { isAbandoned } from './ownership.ts';
import { ofInstallation, sweep, throwFirst } from './sweep.ts';

export interface StrayOptions {
  readonly installation: string;
  /** Whether this process has made or adopted the task. */
  isOwn(taskId: string): boolean;
}

/** Removes an installation's tasks that its present process does not know, and what belongs to no installation any more. */
export async function sweepStrays(engine: Engine, options: StrayOptions): Promise<void> {
  const sweeps = await Promise.allSettled([
    sweep(engine, {
      label: ofInstallation(options.installation),
      wanted: ({ [taskLabel]: taskId }) => taskId !== undefined && !options.isOwn(taskId),
      tasksOnly: true,
    }),
    sweep(engine, { label: installationLabel, wanted: isAbandoned }),
  ]);
  throwFirst(sweeps);
}
