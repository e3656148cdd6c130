import { openCloud } from '../cloud.ts';
import { readConfig } from '../config.ts';
import { workflows } from './workflows.ts';

/** The input that a schedule is given. */
interface ScheduledEvent {
  readonly workflow: string;
}

const cloud = openCloud(readConfig(process.env));

/** Runs a workflow. */
export async function handler({ workflow }: ScheduledEvent): Promise<void> {
  const run = Object.hasOwn(workflows, workflow) ? workflows[workflow] : undefined;
  if (run === undefined) throw new Error(`there is no workflow ${workflow}`);
  await run(cloud);
}
