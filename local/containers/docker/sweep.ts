import { z } from 'zod';
import { type Engine, EngineError, isMissing } from './engine.ts';
import { containerLabel, installationLabel, nameOf, taskLabel } from './labels.ts';
import { retrying } from './until-done.ts';

const removalMilliseconds = 2000;
const sweepMilliseconds = 20_000;

const labels = z.record(z.string(), z.string()).nullish();
const containersAnswer = z.array(
  z.object({ Id: z.string(), Names: z.array(z.string()).nullish(), State: z.string().optional(), Labels: labels }),
);
const networksAnswer = z.array(z.object({ Id: z.string(), Name: z.string(), Labels: labels }));
const volumesAnswer = z.object({ Volumes: z.array(z.object({ Name: z.string(), Labels: labels })).nullish() });

const withLabel = (label: string): { readonly filters: object } => ({ filters: { label: [label] } });

/** Something in the engine that carries the label of an installation. */
export interface Labelled {
  readonly path: string;
  /** Of containers. */
  readonly running?: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface LabelledContainer extends Labelled {
  readonly id: string;
}

/** All containers that Skiff has made for installations, those that have ended too. */
export async function labelledContainers(engine: Engine, label: string): Promise<LabelledContainer[]> {
  const query = { all: true, ...withLabel(label) };
  const found = containersAnswer.parse(await engine.call('GET', '/containers/json', { query }));
  return found.filter(isNamedBySkiff).map(({ Id, State, Labels }) => ({
    id: Id,
    path: `/containers/${Id}`,
    running: State === 'running',
    labels: Labels ?? {},
  }));
}

/** An image may carry any label: the name tells who has made the container. */
const isNamedBySkiff = ({ Names, Labels }: z.infer<typeof containersAnswer>[number]): boolean =>
  (Names ?? []).some((name) => name.replace(/^\//, '') === nameOf(Labels ?? {}));

async function labelledNetworks(engine: Engine, label: string): Promise<Labelled[]> {
  const found = networksAnswer.parse(await engine.call('GET', '/networks', { query: withLabel(label) }));
  return found.map(({ Name, Labels }) => ({ path: `/networks/${Name}`, labels: Labels ?? {} }));
}

async function labelledVolumes(engine: Engine, label: string): Promise<Labelled[]> {
  const found = volumesAnswer.parse(await engine.call('GET', '/volumes', { query: withLabel(label) }));
  return (found.Volumes ?? []).map(({ Name, Labels }) => ({ path: `/volumes/${Name}`, labels: Labels ?? {} }));
}

/** Which things: those that carry a label, `key` or `key=value`. */
export const ofInstallation = (installation: string): string => `${installationLabel}=${installation}`;
export const ofTask = (taskId: string): string => `${taskLabel}=${taskId}`;

export interface Sweep {
  readonly label: string;
  /** Whether something that carries the label goes; without it, everything does. */
  readonly wanted?: (labels: Labelled['labels']) => boolean;
  /** Of tasks alone, which have no network of their own: to list networks, Podman looks into every container. */
  readonly tasksOnly?: boolean;
}

/**
 * Removes the containers with a label, then the volumes and the networks. Answers how many things went. Others may remove
 * them at the same time, and make new ones that are in the way: so it is tried again, for a while.
 */
export async function sweep(engine: Engine, options: Sweep): Promise<number> {
  const gone = new Set<string>();
  await retrying(() => sweepOnce(engine, options, gone), {
    milliseconds: sweepMilliseconds,
    worthwhile: (error) => error instanceof EngineError,
  });
  return gone.size;
}

async function sweepOnce(engine: Engine, sweeping: Sweep, gone: Set<string>): Promise<void> {
  const { label, wanted = () => true, tasksOnly = false } = sweeping;
  const outcomes: PromiseSettledResult<unknown>[] = [];
  const removeAll = async (found: readonly Labelled[], query: object): Promise<void> => {
    const removing = found
      .filter((each) => wanted(each.labels))
      .map(async (each) => {
        await remove(engine, each, query);
        gone.add(each.path);
      });
    outcomes.push(...(await Promise.allSettled(removing)));
  };
  const keepsNetwork = ({ labels: all }: Labelled): boolean => !all[containerLabel];
  const containers = await labelledContainers(engine, label);
  await removeAll(
    containers.filter((each) => !keepsNetwork(each)),
    { force: true, v: true },
  );
  await removeAll(containers.filter(keepsNetwork), { force: true, v: true });
  await removeAll(await labelledVolumes(engine, label), {});
  if (!tasksOnly) await removeAll(await labelledNetworks(engine, label), {});
  throwFirst(outcomes);
}

/** Throws what failed first, once all has been tried: what cannot be removed does not keep the rest. */
export function throwFirst(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/**
 * Removes something, and answers when it is gone. That it was gone already is no error; while somebody else removes it,
 * or uses it, the engine refuses: that is waited for, not long.
 */
export async function remove(
  engine: Engine,
  { path, running = false }: { readonly path: string; readonly running?: boolean },
  query: object = {},
): Promise<void> {
  // Podman would ask the container to stop, and wait for it.
  if (running) await engine.call('POST', `${path}/kill`, { query: { signal: 'SIGKILL' } }).catch(() => undefined);
  await retrying(() => removeOnce(engine, path, query), {
    milliseconds: removalMilliseconds,
    worthwhile: (error) => error instanceof EngineError,
  });
}

async function removeOnce(engine: Engine, path: string, query: object): Promise<void> {
  try {
    await engine.call('DELETE', path, { query: { ...query } });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
