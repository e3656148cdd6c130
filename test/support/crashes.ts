import type { Clients } from '../../aws/clients.ts';
import type { Store } from '../../kubernetes/store/store.ts';

/** What a dead process's calls end in. */
export class ProcessDied extends Error {
  constructor() {
    super('the process died');
    this.name = 'ProcessDied';
  }
}

/** Calls that change nothing: a process that dies after one might as well have died before. */
const isRead = (name: string): boolean => /^(get|list|dependents|Describe|List)/.test(name);

/**
 * The life of a process, as seen by the calls it makes: its writes are counted, and it dies right after the one it is
 * told to. That call has its effect, but its answer is lost, and all calls after it fail.
 */
export class ProcessLife {
  private count = 0;
  private last = Number.POSITIVE_INFINITY;
  private dead = false;
  readonly made: string[] = [];

  get died(): boolean {
    return this.dead;
  }

  /** Counts anew, and dies after so many writes. */
  dieAfter(writes: number): void {
    this.count = 0;
    this.made.length = 0;
    this.last = writes;
  }

  /** Another process takes over. */
  revive(): void {
    this.dead = false;
    this.last = Number.POSITIVE_INFINITY;
  }

  async run<T>(name: string, call: () => Promise<T>): Promise<T> {
    if (this.dead) throw new ProcessDied();
    this.made.push(name);
    if (!isRead(name)) this.count += 1;
    if (this.count === this.last) this.dead = true;
    const answer = await call();
    // Nothing that was begun before the death and ends after it may be seen to end.
    if (this.dead) throw new ProcessDied();
    return answer;
  }
}

/** The store as a process with this life sees it. Its waiting for changes is no call. */
export function mortalStore(store: Store, life: ProcessLife): Store {
  return {
    get: (key) => life.run(`get ${key.resource}`, () => store.get(key)),
    list: (query) => life.run(`list ${query.resource}`, () => store.list(query)),
    create: (key, object) => life.run(`create ${key.resource}`, () => store.create(key, object)),
    update: (key, object, revision) => life.run(`update ${key.resource}`, () => store.update(key, object, revision)),
    delete: (key, revision) => life.run(`delete ${key.resource}`, () => store.delete(key, revision)),
    transact: (writes) => life.run(`transact ${writes.length}`, () => store.transact(writes)),
    dependents: (uid) => life.run('dependents', () => store.dependents(uid)),
    changes: (query) => store.changes(query),
    changed: (query, signal) => store.changed(query, signal),
    revision: () => store.revision(),
  };
}

/** Makes the calls of the clients those of a process with this life. */
export function mortalClients(clients: Clients, life: ProcessLife): Clients {
  clients.ecs.middlewareStack.add(
    (next, context) => (call) => life.run(String(context['commandName']), () => next(call)),
    { step: 'initialize', priority: 'high', name: 'countCalls' },
  );
  return clients;
}
