import { formatKey } from '../../kubernetes/object.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { LoggedChange } from '../../kubernetes/store/change-log.ts';
import { StoredRecord } from '../../kubernetes/store/record.ts';
import type { Refusal, Write } from '../../kubernetes/store/store.ts';
import { requestTooLarge } from '../../kubernetes/status-error.ts';
import { type Body, bodyOf, partItems } from './body.ts';
import { ifAbsent, ifPresent, ifRevision } from './conditions.ts';
import { entryItem } from './entry.ts';
import { bucketOf, expiryOf, isPossible, objectKey, ownerKey, partKey } from './layout.ts';
import { addHints, removeHints } from './owners.ts';
import { deletedItem, objectItem, type Place, readPlace } from './place.ts';
import type { RevisionLog } from './revision-log.ts';
import type { Action, Table } from './table.ts';

/** DynamoDB's limit. */
const maximumActions = 100;

/** How often a write takes another number because its own came too late or others were faster. */
const attempts = 10;

/** A number that is older than this is given up: its writer was frozen, and much may have happened. */
const numberLifetimeMilliseconds = 30_000;

export interface CommitOptions {
  readonly table: Table;
  readonly log: RevisionLog;
  readonly clock: Clock;
}

export type CommitResult = { readonly ok: true; readonly changes: readonly LoggedChange[] } | Refusal;

/**
 * Writes all or nothing: looks whether the writes fit, takes their numbers, and writes objects and log together on the
 * condition that everything is still as it was seen. What comes too late begins again. Throws when AWS fails; then the
 * writes have happened or will never happen, unless the error comes from finding that out.
 */
export async function commit(options: CommitOptions, writes: readonly Write[]): Promise<CommitResult> {
  let obstacle: unknown;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const places = await Promise.all(writes.map((write) => readPlace(options.table, write.key)));
    const refused = writes.map((write, index) => refusal(write, places[index])).find((each) => each !== undefined);
    if (refused !== undefined) return refused;
    const result = await commitOnce(options, prepare(writes, places));
    if (result.done) return { ok: true, changes: result.changes };
    obstacle = result.error;
  }
  throw new Error(
    `writing ${writes.map(({ key }) => formatKey(key)).join(', ')}: ${attempts} attempts were overtaken`,
    {
      cause: obstacle,
    },
  );
}

/** The writes with what was found in their places. */
interface Prepared {
  readonly write: Write;
  readonly place: Place;
}

const prepare = (writes: readonly Write[], places: readonly Place[]): Prepared[] =>
  writes.flatMap((write, index) => {
    const place = places[index];
    return place === undefined ? [] : [{ write, place }];
  });

function refusal(write: Write, place: Place | undefined): Refusal | undefined {
  const refuse = (reason: Refusal['reason']): Refusal => ({ ok: false, reason, key: write.key });
  if (write.type === 'create') return place?.record === undefined ? undefined : refuse('AlreadyExists');
  if (place?.record === undefined) return refuse('NotFound');
  return place.record.revision === write.revision ? undefined : refuse('Conflict');
}

type Attempt =
  | { readonly done: true; readonly changes: readonly LoggedChange[] }
  | { readonly done: false; readonly error: unknown };

async function commitOnce({ table, log, clock }: CommitOptions, writes: readonly Prepared[]): Promise<Attempt> {
  const startedAt = clock.now();
  const first = await log.reserve(writes.length);
  const revisions = writes.map((_, index) => first + index);
  try {
    const changes = writes.map((each, index) => changeOf(each, first + index));
    requirePossible(changes);
    const actions = planActions(writes, changes, clock.now());
    await addHints(table, changes);
    const outcome = await table.transact(actions, startedAt + numberLifetimeMilliseconds);
    // Of one transaction all entries are there, or none: that tells when the answer was lost.
    if (outcome.type !== 'committed' && !(await fates(log, revisions)).includes('written')) {
      const isOvertaken = outcome.type === 'late' || (outcome.type === 'cancelled' && outcome.failed.length > 0);
      if (isOvertaken) return { done: false, error: outcome.error };
      throw outcome.error;
    }
    await afterwards({ table, log, clock }, changes);
    return { done: true, changes };
  } catch (error) {
    // Readers need not wait for numbers of which nothing will come.
    await Promise.allSettled(revisions.map((revision) => log.fate(revision)));
    throw error;
  }
}

const fates = (log: RevisionLog, revisions: readonly number[]) =>
  Promise.all(revisions.map((revision) => log.fate(revision)));

/** The writes have happened: what fails here is done by the next writer, or does no harm undone. */
async function afterwards({ table, log }: CommitOptions, changes: readonly LoggedChange[]): Promise<void> {
  const revisions = changes.map(({ object }) => object.revision);
  const isBucketFull = revisions.some((revision) => bucketOf(revision) !== bucketOf(revision + 1));
  await Promise.allSettled([
    removeHints(table, changes),
    isBucketFull ? log.reserved().then((reserved) => log.advance(reserved)) : undefined,
  ]);
}

/** What a write that is not refused does. */
function changeOf({ write, place: { record: previous } }: Prepared, revision: number): LoggedChange {
  if (previous === undefined) {
    if (write.type !== 'create') throw new Error(`${formatKey(write.key)} is gone within its own ${write.type}`);
    return { type: 'ADDED', object: StoredRecord.of(write, revision) };
  }
  return write.type === 'delete'
    ? { type: 'DELETED', object: previous.at(revision), previous }
    : { type: 'MODIFIED', object: StoredRecord.of(write, revision, previous), previous };
}

/** What DynamoDB has no key for is the caller's to shorten. */
function requirePossible(changes: readonly LoggedChange[]): void {
  for (const { object } of changes) {
    const keys = [objectKey(object.key), ...object.owners.map((uid) => ownerKey(uid, object.key))];
    if (!keys.every(isPossible)) throw requestTooLarge('a name of the object, or the uid of an owner, is too long');
  }
}

function planActions(writes: readonly Prepared[], changes: readonly LoggedChange[], now: number): Action[] {
  const actions = changes.flatMap((change, index) => {
    const place = writes[index]?.place;
    return place === undefined ? [] : actionsOf(change, place, now);
  });
  if (actions.length > maximumActions) {
    throw requestTooLarge(`a transaction of ${actions.length} items, the limit is ${maximumActions}`);
  }
  return actions;
}

/** The object, the entry in the log, and the parts of either that are items of their own. */
function actionsOf(change: LoggedChange, place: Place, now: number): Action[] {
  const { type, object, previous } = change;
  const body: Body = type === 'DELETED' ? { parts: [] } : bodyOf(object.kept);
  const item = type === 'DELETED' ? deletedItem(object.key, object.revision, now) : objectItem(object, body);
  const counts = { object: body.parts.length, previous: place.parts };
  return [
    { put: item, condition: ifRevision(place.revision) },
    { put: entryItem(change, counts, now), condition: ifAbsent },
    ...partItems(object.key, object.revision, body).map((put) => ({ put, condition: ifAbsent })),
    ...Array.from({ length: place.parts }, (_, part) => ({
      expire: partKey(object.key, previous?.revision ?? 0, part),
      at: expiryOf(now),
      condition: ifPresent,
    })),
  ];
}
