import { type Engine, isMissing } from './engine.ts';
import { attemptLabel, containerLabel, type Ownership, taskLabel } from './labels.ts';
import { type LabelledContainer, labelledContainers, ofInstallation } from './sweep.ts';
import type { Run } from './tasks.ts';
import { inspect, type InspectedContainer } from './inspect.ts';

/** A task that outlived the process that made it. */
export interface Survivor {
  readonly pause: string;
  readonly address: string;
  /** By the container's name, the last run last. */
  readonly runs: Map<string, Run[]>;
}

export interface SurvivorOptions {
  readonly ownership: Ownership;
  /** Told of containers that cannot be looked at: those are strays then. */
  report(error: unknown): void;
}

/** The tasks of an installation whose network still stands, by id. */
export async function findSurvivors(engine: Engine, options: SurvivorOptions): Promise<Map<string, Survivor>> {
  const survivors = new Map<string, Survivor>();
  const found = await labelledContainers(engine, ofInstallation(options.ownership.installation));
  for (const each of found) {
    const taskId = each.labels[taskLabel];
    if (taskId === undefined || each.labels[containerLabel] || !each.running) continue;
    const pause = await inspectIfSound(engine, each, options);
    if (pause?.State.Running !== true) continue;
    survivors.set(taskId, { pause: each.id, address: addressIn(pause), runs: new Map() });
  }
  for (const each of found) {
    const name = each.labels[containerLabel];
    const survivor = survivors.get(each.labels[taskLabel] ?? '');
    if (!name || survivor === undefined) continue;
    const run = await findRun(engine, each, options);
    if (run === undefined) continue;
    const runs = [...(survivor.runs.get(name) ?? []), run];
    survivor.runs.set(
      name,
      runs.toSorted((a, b) => a.attempt - b.attempt),
    );
  }
  return survivors;
}

/** A container that has been started. One that was only made is made again, and found then (createContainer). */
async function findRun(
  engine: Engine,
  labelled: LabelledContainer,
  options: Pick<SurvivorOptions, 'report'>,
): Promise<Run | undefined> {
  const container = await inspectIfSound(engine, labelled, options);
  if (container === undefined || container.State.Status === 'created') return undefined;
  return runOf(container, Number(labelled.labels[attemptLabel] ?? 0));
}

/** Somebody may remove it at this moment; and one container at which an engine fails does not keep Skiff from starting. */
async function inspectIfSound(
  engine: Engine,
  { id, path }: LabelledContainer,
  options: Pick<SurvivorOptions, 'report'>,
): Promise<InspectedContainer | undefined> {
  try {
    return await inspect(engine, id);
  } catch (error) {
    if (!isMissing(error)) options.report(new Error(`looking at ${path}, which is left over`, { cause: error }));
    return undefined;
  }
}

/** The address on the one network of the container. */
export function addressIn({ NetworkSettings }: InspectedContainer): string {
  const [network] = Object.values(NetworkSettings?.Networks ?? {});
  return network?.IPAddress ?? '';
}

const runOf = ({ Id, Config }: InspectedContainer, attempt: number): Run => ({
  id: Id,
  attempt,
  tty: Config.Tty === true,
  stopSignal: String(Config.StopSignal || 'SIGTERM'),
  awaited: false,
  ended: false,
  cancelKill: () => undefined,
});
