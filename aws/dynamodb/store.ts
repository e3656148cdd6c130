import { maximumTransactionWrites } from '../../kubernetes/limits.ts';
import { formatKey, type KubernetesObject, type ObjectKey } from '../../kubernetes/object.ts';
import type {
  Change,
  ChangeBatch,
  ChangesQuery,
  Expired,
  ListPage,
  ListQuery,
  Store,
  StoredObject,
  TransactionResult,
  Write,
  WriteResult,
} from '../../kubernetes/store/store.ts';
import { Changes } from './changes.ts';
import { commit, type CommitResult } from './commit.ts';
import { readHints } from './owners.ts';
import { readPlace } from './place.ts';
import { RevisionLog } from './revision-log.ts';
import { listPage } from './snapshot.ts';
import { Table, type TableOptions } from './table.ts';
import { forEachAtOnce } from './wait.ts';

const readsAtOnce = 16;

export interface DynamoStoreOptions extends TableOptions {
  /**
   * Told of what a write of this process has changed, before the write is answered; it must not throw. Not told when the
   * process dies first, or when nobody could find out whether the write has happened.
   */
  committed?(changes: readonly Change[]): Promise<void>;
}

/** The store of the cloud: any number of processes over one table. Its protocol is in README.md. */
export class DynamoStore implements Store {
  private readonly table: Table;
  private readonly log: RevisionLog;
  private readonly changeReader: Changes;
  private readonly options: DynamoStoreOptions;

  constructor(options: DynamoStoreOptions) {
    this.options = options;
    this.table = new Table(options);
    this.log = new RevisionLog(this.table, options.clock);
    this.changeReader = new Changes(this.log, options.clock);
  }

  async get(key: ObjectKey): Promise<StoredObject | undefined> {
    return (await readPlace(this.table, key)).record;
  }

  async list(query: ListQuery): Promise<ListPage | Expired> {
    return listPage({ table: this.table, log: this.log, changes: this.changeReader }, query);
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
    if (writes.length === 0) return { ok: true, objects: [] };
    const result = await this.commit(writes);
    return result.ok ? { ok: true, objects: result.changes.map(({ object }) => object) } : result;
  }

  async changes(query: ChangesQuery): Promise<ChangeBatch | Expired> {
    return this.changeReader.read(query);
  }

  async changed(query: ChangesQuery, signal: AbortSignal): Promise<void> {
    return this.changeReader.wait(query.after, signal);
  }

  async dependents(uid: string): Promise<readonly StoredObject[]> {
    const keys = await readHints(this.table, uid);
    const places = await forEachAtOnce(keys, readsAtOnce, (key) => readPlace(this.table, key));
    return places.flatMap(({ record }) => (record?.owners.includes(uid) === true ? [record] : []));
  }

  async revision(): Promise<number> {
    return this.log.settle();
  }

  private async writeOne(write: Write): Promise<WriteResult> {
    const result = await this.commit([write]);
    if (!result.ok) return result;
    const [change] = result.changes;
    if (change === undefined) throw new Error(`writing ${formatKey(write.key)} changed nothing`);
    return { ok: true, object: change.object };
  }

  private async commit(writes: readonly Write[]): Promise<CommitResult> {
    const { clock } = this.options;
    const result = await commit({ table: this.table, log: this.log, clock }, copied(writes));
    if (result.ok) await this.options.committed?.(result.changes);
    return result;
  }
}

/** What the caller does to its objects while they are being written changes nothing of what is written. */
const copied = (writes: readonly Write[]): Write[] =>
  writes.map((write) => (write.type === 'delete' ? write : { ...write, object: structuredClone(write.object) }));
