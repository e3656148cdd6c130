import { timestamp } from '../clock.ts';
import { cloneJson } from '../json-value.ts';
import { keyOf, type Kind } from '../kind.ts';
import { noNotes, type Notes } from '../notes.ts';
import type { KubernetesObject } from '../object.ts';
import { prepareCreate } from '../prepare.ts';
import { alreadyExists, invalidObject } from '../status-error.ts';
import { allocated, allocationProblems, claims, takenError, takenValue, type Allocated } from './allocation.ts';
import { admit } from './admit.ts';
import { canonical } from './canonical.ts';
import type { WriteDependencies, Written } from './dependencies.ts';
import { requireNamespace } from './namespace.ts';
import { maximumAttempts, refusalError, type Refused } from './refusal.ts';
import { firstOf } from './removal.ts';
import { requireSize } from './size.ts';
import { tracked } from './tracked.ts';
import { unstored } from './unstored.ts';

export interface Creation<T> {
  /** Belongs to the function from now on. */
  readonly object: T;
  /** What a controller remembers of it from the start. Clients' writes never have it. */
  readonly notes?: Notes;
  /** Everything but the writing. */
  readonly dryRun?: boolean;
  /** To whom the object's fields are attributed in its managedFields. Absent: these are left as the object says. */
  readonly manager?: string;
  /** The namespace need not be there yet: for dry runs of what will be made together with it. */
  readonly namespaceComes?: boolean;
}

/**
 * Makes an object: server fields, defaults, validation, a name after `generateName`, and values that only one may hold.
 * Throws StatusError 404 or 403 for its namespace, 409 when it is there already, 413 when it is too large, 422 with
 * everything wrong with it.
 */
export async function createObject<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  creation: Creation<T>,
): Promise<Written> {
  const { metadata } = creation.object;
  const place = { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
  if (!creation.namespaceComes) await requireNamespace(dependencies.store, kind, place);
  const generated = !metadata.name && Boolean(metadata.generateName);
  const again = generated || kind.allocation !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const object = again ? cloneJson(creation.object) : creation.object;
    const prepared = prepare(dependencies, kind, { ...creation, object });
    const written = creation.dryRun
      ? await dryRun(dependencies, kind, prepared)
      : await store(dependencies, kind, prepared);
    if (!('refusal' in written)) return written;
    if (attempt === maximumAttempts || (written.taken === undefined && !generated)) {
      throw refusalError(kind, prepared.object.metadata.name ?? '', written);
    }
  }
}

interface PreparedObject<T> extends Allocated<T> {
  readonly warnings: readonly string[];
  readonly notes: Notes;
}

function prepare<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  { object, manager, notes = noNotes }: Creation<T>,
): PreparedObject<T> {
  const now = timestamp(dependencies.clock);
  const prepared = prepareCreate(kind, object, { now, newId: dependencies.newId, random: dependencies.random });
  if (prepared.errors.length > 0) throw invalidObject(kind, prepared.object.metadata.name ?? '', prepared.errors);
  const warnings = [...prepared.warnings, ...admit(dependencies, kind, prepared)];
  const complete = tracked(kind, { object: prepared.object, previous: undefined, manager, now });
  const allocation = allocated(kind, canonical(complete), dependencies.random);
  const problems = allocationProblems(allocation.held, []);
  if (problems.length > 0) throw invalidObject(kind, prepared.object.metadata.name ?? '', problems);
  requireSize(allocation.object);
  return { ...allocation, warnings, notes };
}

/** The answer, or what stood in the way: the name, or a value that was chosen for the object. */
type Attempt = Written | Refused;

async function store<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  { object, held, asked, warnings, notes }: PreparedObject<T>,
): Promise<Attempt> {
  const key = keyOf(kind, object);
  if (held.length === 0 && notes === noNotes) {
    const result = await dependencies.store.create(key, object);
    return result.ok ? { object: result.object, outcome: 'created', warnings } : { refusal: result };
  }
  const result = await dependencies.store.transact([{ type: 'create', key, object, notes }, ...claims(held)]);
  if (result.ok) return { object: firstOf(result.objects), outcome: 'created', warnings };
  const taken = takenValue(held, result);
  if (taken !== undefined && asked.includes(taken)) {
    throw invalidObject(kind, object.metadata.name ?? '', [takenError(taken)]);
  }
  return { refusal: result, taken };
}

async function dryRun<T extends KubernetesObject>(
  dependencies: WriteDependencies,
  kind: Kind<T>,
  { object, warnings }: PreparedObject<T>,
): Promise<Written> {
  const key = keyOf(kind, object);
  if ((await dependencies.store.get(key)) !== undefined) throw alreadyExists(kind, key.name);
  return { object: unstored(key, object), outcome: 'created', warnings };
}
