import type { Engine } from './engine.ts';
import { installationLabel, taskLabel } from './labels.ts';
import { isAbandoned } from './ownership.ts';
import { ofInstallation, sweep } from './sweep.ts';

export interface StrayOptions {
  readonly installation: string;
  /** Whether this process has made or adopted the task. */
  isOwn(taskId: string): boolean;
}

/** Removes an installation's tasks that its present process does not know, and what belongs to no installation any more. */
export async function sweepStrays(engine: Engine, options: StrayOptions): Promise<void> {
  await sweep(engine, {
    label: ofInstallation(options.installation),
    wanted: ({ [taskLabel]: taskId }) => taskId !== undefined && !options.isOwn(taskId),
    tasksOnly: true,
  });
  await sweep(engine, { label: installationLabel, wanted: isAbandoned });
}
