import { maximumTransactionWrites } from '../limits.ts';
import { formatKey, type KubernetesObject, type ObjectKey } from '../object.ts';
import { ChangeLog, concerns, type LoggedChange, type LogLimits } from './change-log.ts';
import { Collection } from './collection.ts';
import { DependentsIndex } from './dependents-index.ts';
import type { Journal } from './journal.ts';
import { readPage, type PageSource } from './page.ts';
import { StoredRecord } from './record.ts';
import type {
  ChangeBatch,
  ChangesQuery,
  Expired,
  ListPage,
  ListQuery,
  Refusal,
  Store,
  StoredObject,
  TransactionResult,
  Write,
  WriteResult,
} from './store.ts';

const defaultLimits: LogLimits = { changes: 10_000, characters: 32 * 1024 * 1024 };

export interface MemoryStoreOptions {
  /** Makes the store outlive the process. */
  readonly journal?: Journal;
  /** Where a store without a journal starts to count. */
  readonly firstRevision?: number;
  readonly keep?: Partial<LogLimits>;
}

interface Waiter {
  readonly query: ChangesQuery;
  readonly wake: () => void;
}

/** The store of local mode and of tests. Each write is done in one turn of the event loop, so writes cannot interleave. */
export class MemoryStore implements Store {
  private readonly collections = new Map<string, Collection>();
  private readonly index = new DependentsIndex();
  private readonly waiters = new Set<Waiter>();
  private readonly log: ChangeLog;
  private readonly journal: Journal | undefined;

  constructor(options: MemoryStoreOptions = {}) {
    const kept = options.journal?.contents;
    this.log = new ChangeLog(kept?.revision ?? options.firstRevision ?? 0, { ...defaultLimits, ...options.keep });
    this.journal = options.journal;
    for (const { type, record } of kept?.entries ?? []) {
      if (type === 'OBJECT') this.put(record);
      else this.apply(this.changeTo(type, record));
    }
    this.tidy();
  }

  async get(key: ObjectKey): Promise<StoredObject | undefined> {
    return this.find(key);
  }

  async list(query: ListQuery): Promise<ListPage | Expired> {
    const source: PageSource = {
      revision: this.log.revision,
      oldest: this.log.oldest,
      records: this.collections.get(query.resource)?.in(query.namespace) ?? [],
      since: (revision) => this.log.since(revision).filter((change) => concerns({ ...query, after: revision }, change)),
    };
    return readPage(source, query);
  }

  async create(key: ObjectKey, object: KubernetesObject): Promise<WriteResult> {
    return this.writeOne({ type: 'create', key, object });
  }

  async update(key: ObjectKey, object: KubernetesObject, revision: number): Promise<WriteResult> {
    return this.writeOne({ type: 'update', key, object, revision });
  }

  async delete(key: ObjectKey, revision: number): Promise<WriteResult> {
    return this.writeOne({ type: 'delete', key, revision });
  }

  async transact(writes: readonly Write[]): Promise<TransactionResult> {
    if (writes.length > maximumTransactionWrites) {
      throw new RangeError(`a transaction of ${writes.length} writes, the limit is ${maximumTransactionWrites}`);
    }
    if (new Set(writes.map(({ key }) => formatKey(key))).size < writes.length) {
      throw new RangeError('a transaction with two writes to one key');
    }
    const refusal = writes.map((write) => this.refusal(write)).find((each) => each !== undefined);
    if (refusal !== undefined) return refusal;
    const changes = writes.map((write, index) => this.change(write, this.log.revision + 1 + index));
    if (changes.length > 0) this.commit(changes);
    return { ok: true, objects: changes.map(({ object }) => object) };
  }

  async changes(query: ChangesQuery): Promise<ChangeBatch | Expired> {
    return this.log.read(query);
  }

  async changed(query: ChangesQuery, signal: AbortSignal): Promise<void> {
    if (signal.aborted || query.after < this.log.revision) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.waiters.delete(waiter);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { query, wake };
      this.waiters.add(waiter);
      signal.addEventListener('abort', wake);
    });
  }

  async dependents(uid: string): Promise<readonly StoredObject[]> {
    return this.index.of(uid);
  }

  async revision(): Promise<number> {
    return this.log.revision;
  }

  private async writeOne(write: Write): Promise<WriteResult> {
    const refusal = this.refusal(write);
    if (refusal !== undefined) return refusal;
    const change = this.change(write, this.log.revision + 1);
    this.commit([change]);
    return { ok: true, object: change.object };
  }

  private refusal(write: Write): Refusal | undefined {
    const current = this.find(write.key);
    const refuse = (reason: Refusal['reason']): Refusal => ({ ok: false, reason, key: write.key });
    if (write.type === 'create') return current === undefined ? undefined : refuse('AlreadyExists');
    if (current === undefined) return refuse('NotFound');
    return current.revision === write.revision ? undefined : refuse('Conflict');
  }

  /** What a write that is not refused does. */
  private change(write: Write, revision: number): LoggedChange {
    const current = this.find(write.key);
    if (write.type === 'create') return this.changeTo('ADDED', StoredRecord.of(write, revision));
    if (write.type === 'update') return this.changeTo('MODIFIED', StoredRecord.of(write, revision, current));
    if (current === undefined) throw new Error(`${formatKey(write.key)} is gone within its own deletion`);
    return this.changeTo('DELETED', current.at(revision));
  }

  private changeTo(type: LoggedChange['type'], object: StoredRecord): LoggedChange {
    const previous = this.find(object.key);
    return previous === undefined ? { type, object } : { type, object, previous };
  }

  /** The journal comes first: what it cannot keep has not happened. */
  private commit(changes: readonly LoggedChange[]): void {
    this.journal?.append(changes.map(({ type, object }) => ({ type, record: object })));
    for (const change of changes) this.apply(change);
    for (const { query, wake } of this.waiters) if (changes.some((change) => concerns(query, change))) wake();
    this.tidy();
  }

  private tidy(): void {
    this.journal?.tidy(() => ({ revision: this.log.revision, records: this.everything() }));
  }

  private apply(change: LoggedChange): void {
    if (change.previous !== undefined) this.index.remove(change.previous);
    if (change.type === 'DELETED') this.collection(change.object.key.resource).remove(change.object.key);
    else this.put(change.object);
    this.log.add(change);
  }

  private put(record: StoredRecord): void {
    this.collection(record.key.resource).put(record);
    this.index.add(record);
  }

  private everything(): StoredRecord[] {
    return [...this.collections.values()].flatMap((collection) => collection.in(undefined));
  }

  private find(key: ObjectKey): StoredRecord | undefined {
    return this.collections.get(key.resource)?.get(key);
  }

  private collection(resource: string): Collection {
    const collection = this.collections.get(resource) ?? new Collection();
    this.collections.set(resource, collection);
    return collection;
  }
}
