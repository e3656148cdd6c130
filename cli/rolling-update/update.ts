import { inPlaceAnnotation, rollingUpdate } from '../../functions/reconcile/workload/rolling-update/annotations.ts';
import { UsageError } from '../usage-error.ts';
import { copyWithImage, imagePatch, requireOwnPods, successor, takeOver, type Controller } from './controllers.ts';
import type { Kubectl } from './kubectl.ts';
import type { RollingUpdateOptions } from './options.ts';

type Say = (line: string) => void;

/**
 * Asks for a rolling update and shows how it goes. What does it is in the cluster, and goes on when nobody watches. The
 * answer is whether it was seen to its end.
 */
export async function rollingUpdateOf(
  kubectl: Kubectl,
  options: RollingUpdateOptions,
  say: Say,
): Promise<'done' | 'timeout'> {
  const old = await read(kubectl, options.from);
  if (old === undefined) throw new UsageError(`replicationcontrollers "${options.from}" not found`);
  if (options.rollback) return rollBack(kubectl, { old, options }, say);
  if (options.image !== undefined && options.to === undefined) return inPlace(kubectl, { old, options }, say);
  const given = options.file === undefined ? copyWithImage(old, options) : await fromFile(kubectl, options.file);
  const next = successor(old, given, options.periodSeconds);
  if (options.file !== undefined) requireOwnPods(old, given);
  const { name } = next.metadata;
  const there = await read(kubectl, name);
  if (there === undefined) {
    await kubectl.run(['create', '-f', '-'], next);
    say(`Created ${name}`);
  } else {
    await annotate(kubectl, name, next.metadata.annotations ?? {});
    say(`Found existing update in progress (${name}), resuming.`);
  }
  const replicas = Number(next.metadata.annotations?.[rollingUpdate.replicas]);
  announce(say, { target: name, source: old, replicas });
  const known = counts(old, there ?? { ...next, spec: { replicas: 0 } });
  return watch(kubectl, { target: name, source: options.from, known, options }, say);
}

interface Asked {
  readonly old: Controller;
  readonly options: RollingUpdateOptions;
}

function announce(
  say: Say,
  { target, source, replicas }: { target: string; source: Controller; replicas: number },
): void {
  const from = source.spec.replicas ?? 1;
  const most = `keep ${replicas} pods available, don't exceed ${replicas + 1} pods`;
  say(`Scaling up ${target} from 0 to ${replicas}, scaling down ${source.metadata.name} from ${from} to 0 (${most})`);
}

async function rollBack(kubectl: Kubectl, { old, options }: Asked, say: Say): Promise<'done' | 'timeout'> {
  const to = options.to ?? '';
  const abandoned = await read(kubectl, to);
  if (abandoned === undefined) throw new UsageError(`replicationcontrollers "${to}" not found`);
  const noted = abandoned.metadata.annotations?.[rollingUpdate.replicas];
  const replicas = Number(noted ?? Math.max(old.spec.replicas ?? 1, abandoned.spec.replicas ?? 1));
  await kubectl.run(['annotate', 'rc', to, ...Object.values(rollingUpdate).map((key) => `${key}-`)]);
  await annotate(kubectl, options.from, takeOver(to, replicas, options.periodSeconds));
  say(`Setting "${options.from}" replicas to ${replicas}`);
  announce(say, { target: options.from, source: abandoned, replicas });
  return watch(kubectl, { target: options.from, source: to, known: counts(old, abandoned), options }, say);
}

async function inPlace(kubectl: Kubectl, { old, options }: Asked, say: Say): Promise<'done' | 'timeout'> {
  const { name } = old.metadata;
  const patch = imagePatch(old, options, new Date().toISOString());
  await kubectl.run(['patch', 'rc', name, '--type=strategic', '-p', JSON.stringify(patch)]);
  say(`Replacing the pods of ${name} one after the other by such of ${options.image ?? ''}`);
  return watch(kubectl, { target: name, source: undefined, known: counts(old), options }, say);
}

async function read(kubectl: Kubectl, name: string): Promise<Controller | undefined> {
  const text = await kubectl.run(['get', 'rc', name, '-o', 'json', '--ignore-not-found']);
  return text.trim() === '' ? undefined : (JSON.parse(text) as Controller);
}

async function fromFile(kubectl: Kubectl, file: string): Promise<Controller> {
  const text = await kubectl.run(['create', '--dry-run=client', '-o', 'json', '-f', file]);
  const given = JSON.parse(text) as Controller;
  if (given.kind !== 'ReplicationController')
    throw new UsageError(`${file} has to hold one ReplicationController, and not a ${given.kind}`);
  return given;
}

const annotate = (kubectl: Kubectl, name: string, annotations: Readonly<Record<string, string>>): Promise<string> =>
  kubectl.run([
    'annotate',
    'rc',
    name,
    '--overwrite',
    ...Object.entries(annotations).map(([key, value]) => `${key}=${value}`),
  ]);

const counts = (...controllers: readonly Controller[]): Map<string, number> =>
  new Map(controllers.map(({ metadata, spec }) => [metadata.name, spec.replicas ?? 1]));

interface Watched {
  readonly target: string;
  readonly source: string | undefined;
  /** How many replicas each has had before: what happens until the watch has begun is told too. */
  readonly known: Map<string, number>;
  readonly options: RollingUpdateOptions;
}

/** `{.metadata.annotations.skiff\.dev/rolling-update-from}` */
const annotationPath = (key: string): string => `{.metadata.annotations.${key.replaceAll('.', '\\.')}}`;

/** Tells each step until the annotation that asks for the update has gone. */
async function watch(
  kubectl: Kubectl,
  { target, source, known, options }: Watched,
  say: Say,
): Promise<'done' | 'timeout'> {
  const asked = annotationPath(source === undefined ? inPlaceAnnotation : rollingUpdate.from);
  const columns = ['{.metadata.name}', '{.spec.replicas}', asked];
  const each = (line: string): 'enough' | 'more' => {
    const [name = '', replicas = '', pending = ''] = line.split('|');
    if (name !== target && name !== source) return 'more';
    const before = known.get(name);
    const now = Number(replicas);
    if (before !== undefined && before !== now) say(`Scaling ${name} ${now > before ? 'up' : 'down'} to ${now}`);
    known.set(name, now);
    return name === target && pending === '' ? 'enough' : 'more';
  };
  for (;;) {
    // kubectl aligns what stands between tabs. A server ends each watch after a while: it is begun anew.
    const outcome = await kubectl.lines(['get', 'rc', '-w', '-o', `jsonpath=${columns.join('|')}{"\\n"}`], {
      each,
      silentSeconds: options.timeoutSeconds,
    });
    if (outcome === 'silent') return 'timeout';
    if (outcome === 'ended') continue;
    if (source !== undefined) say(`Update succeeded. Deleting ${source}`);
    say(`replicationcontroller/${target} rolling updated to "${target}"`);
    return 'done';
  }
}
