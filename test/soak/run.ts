import { randomUUID } from 'node:crypto';
import { DynamoStore } from '../../aws/dynamodb/store.ts';
import type { Change, Store, Write } from '../../kubernetes/store/store.ts';
import { kept, key, object, page } from '../conformance/store-fixture.ts';
import { emulateTable, tableName } from '../support/dynamo.ts';
import { randomNumbers } from '../support/random-numbers.ts';
import type { History, ListRecord, SeenChange, WatchRecord, WriteRecord } from './history.ts';
import { plant, type PlantedBug } from './planted-bug.ts';

export interface SoakOptions {
  readonly seed: number;
  /** Of emulated time, which passes faster than the world's. */
  readonly seconds: number;
  readonly bug?: PlantedBug;
}

const writerCount = 6;
const watcherCount = 3;
const listerCount = 3;
const keyCount = 8;
const resource = 'configmaps';

/** A process with a store of its own. Its calls are slow at times; once it is dead they never end. */
interface Process {
  readonly store: Store;
  readonly death: Promise<void>;
}

type Draft = { -readonly [Name in keyof WriteRecord]: WriteRecord[Name] };

/** A stretch of a store's life, with many writers and watchers, some of which die. Answers what they saw. */
export async function soak(options: SoakOptions): Promise<History> {
  const life = new Life(options);
  await life.live();
  return life.history;
}

class Life {
  readonly history = { writes: [] as WriteRecord[], watches: [] as WatchRecord[], lists: [] as ListRecord[] };
  private readonly table = emulateTable({ staleMilliseconds: 50 });
  private readonly random: () => number;
  private readonly options: SoakOptions;
  private readonly end: number;
  private readonly writersEnd = new AbortController();
  private lastRevision = Number.POSITIVE_INFINITY;
  private moment = 0;
  private values = 0;

  constructor(options: SoakOptions) {
    this.options = options;
    this.random = randomNumbers(options.seed);
    this.end = this.table.clock.now() + options.seconds * 1000;
  }

  async live(): Promise<void> {
    const watching = Array.from({ length: watcherCount }, (_, index) => this.watch(`watcher ${index}`));
    const writing = Array.from({ length: writerCount }, () => this.repeat((store) => this.write(store)));
    const listing = Array.from({ length: listerCount }, () => this.repeat((store) => this.list(store)));
    await Promise.all([...writing, ...listing]);
    this.lastRevision = await this.begin(false).store.revision();
    this.writersEnd.abort();
    await Promise.all(watching);
    // Who comes last sees all of it.
    await this.watch('latecomer');
    this.table.clock.stop();
  }

  /** Does something again and again until the time is over, in one process after the other. */
  private async repeat(work: (store: Store) => Promise<void>): Promise<void> {
    while (this.isGoingOn()) {
      const { store, death } = this.begin(true);
      const busy = async (): Promise<void> => {
        while (this.isGoingOn()) {
          await work(store);
          await this.pause(this.random() * 100);
        }
      };
      await Promise.race([busy(), death]);
    }
  }

  private async write(store: Store): Promise<void> {
    const writes = await this.chooseWrites(store);
    if (writes.length === 0) return;
    const begun = this.nextMoment();
    const drafts = writes.map(({ write, value }): Draft => {
      const type = ({ create: 'ADDED', update: 'MODIFIED', delete: 'DELETED' } as const)[write.type];
      return { type, key: write.key.name, value, begun };
    });
    this.history.writes.push(...drafts);
    const answer = await store.transact(writes.map(({ write }) => write)).catch(() => undefined);
    // Whether it happened, nobody knows: so it stays, without an end.
    if (answer === undefined) return;
    const ended = this.nextMoment();
    if (answer.ok) {
      for (const [index, draft] of drafts.entries()) {
        draft.ended = ended;
        draft.revision = answer.objects[index]?.revision ?? 0;
      }
    } else this.history.writes = this.history.writes.filter((write) => !drafts.includes(write));
  }

  /** Up to three writes to different keys, as they may be done to what is there. */
  private async chooseWrites(store: Store): Promise<{ write: Write; value: string }[]> {
    const count = this.random() < 0.7 ? 1 : 3;
    const first = Math.floor(this.random() * keyCount);
    const chosen: { write: Write; value: string }[] = [];
    for (let index = 0; index < count; index += 1) {
      // Some keys are fought over, others are nobody else's: there, late writers find nothing else in their way.
      const isOwn = this.random() < 0.3;
      const at = key(isOwn ? `own${this.values}` : `k${(first + index) % keyCount}`);
      const current = await store.get(at);
      const value = String((this.values += 1));
      if (current === undefined) {
        chosen.push({ write: { type: 'create', key: at, object: object(at, value) }, value });
      } else if (this.random() < 0.3) {
        const gone = current.parse<ReturnType<typeof object>>().data.value;
        chosen.push({ write: { type: 'delete', key: at, revision: current.revision }, value: gone });
      } else {
        const { revision } = current;
        chosen.push({ write: { type: 'update', key: at, object: object(at, value), revision }, value });
      }
    }
    return chosen;
  }

  private async list(store: Store): Promise<void> {
    const begun = this.nextMoment();
    const { items, revision } = await page(store, { resource });
    const shown = items.map((item) => [item.key.name, item.parse<ReturnType<typeof object>>().data.value] as const);
    this.history.lists.push({ begun, revision, items: Object.fromEntries(shown) });
  }

  /** Follows the changes from the beginning to the end, in one process after the other. */
  private async watch(name: string): Promise<void> {
    const changes: SeenChange[] = [];
    let after = 0;
    while (after < this.lastRevision) {
      const { store, death } = this.begin(this.isGoingOn());
      const follow = async (): Promise<void> => {
        while (after < this.lastRevision) {
          const batch = kept(await store.changes({ after, limit: 20 }));
          changes.push(...batch.changes.map(seen));
          after = batch.revision;
          if (batch.changes.length === 0) await store.changed({ after }, this.writersEnd.signal);
          if (this.writersEnd.signal.aborted) await this.pause(50);
        }
      };
      await Promise.race([follow(), death]);
    }
    this.history.watches.push({ name, after: 0, until: this.lastRevision, changes });
  }

  private begin(mortal: boolean): Process {
    const { clock } = this.table;
    const client = this.table.client();
    let dead = false;
    const never = new Promise<never>(() => {});
    client.middlewareStack.add(
      (next, context) => async (call) => {
        await this.pause(this.slowness(`${context.commandName}`));
        if (dead) return never;
        const answer = await next(call);
        return dead ? never : answer;
      },
      { step: 'initialize', priority: 'high' },
    );
    if (this.options.bug !== undefined) plant(client, this.options.bug);
    const store = new DynamoStore({ client, tableName, clock, newId: randomUUID, random: () => this.random() });
    const death = new Promise<void>((resolve) => {
      if (!mortal) return;
      clock.after(200 + this.random() * 10_000, () => {
        dead = true;
        resolve();
      });
    });
    return { store, death };
  }

  /** Milliseconds that a call takes on its way. A few transactions take so long that they are fenced. */
  private slowness(command: string): number {
    const isLate = command === 'TransactWriteItemsCommand' && this.random() < 0.03;
    return isLate ? 1500 + this.random() * 3000 : this.random() * 10;
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.table.clock.after(milliseconds, resolve));
  }

  private isGoingOn(): boolean {
    return this.table.clock.now() < this.end;
  }

  private nextMoment(): number {
    this.moment += 1;
    return this.moment;
  }
}

function seen({ type, object: after, previous }: Change): SeenChange {
  const valueOf = (record: Change['object']): string => record.parse<ReturnType<typeof object>>().data.value;
  const change = { type, key: after.key.name, value: valueOf(after), revision: after.revision };
  return previous === undefined ? change : { ...change, previous: valueOf(previous) };
}
