import type { Change, Expired, Store } from '../../../kubernetes/store/store.ts';
import { endOfTurn } from '../../end-of-turn.ts';
import type { Waiting } from './outbox.ts';

/** Who is told of the changes of a resource. */
export interface Subscriber {
  /** Changes in revision order, each once. One that has enough leaves, and joins again later. */
  receive(changes: readonly Change[]): void;
  /** No more will come: the changes are no longer kept, or the store failed. */
  fail(reason: Expired | { readonly fault: unknown }): void;
}

/** How many changes are read at once. */
const batchSize = 1000;

/** The changes of one resource, read from the store once however many watch it, and only while somebody does. */
export class Feed {
  /** What waits for all who watch, this or another resource. */
  readonly waiting: Waiting;
  private readonly store: Store;
  private readonly resource: string;
  /** With the revision up to which each has been told everything. */
  private readonly members = new Map<Subscriber, number>();
  /** The revision up to which `members` have been told everything. The store has always reached it. */
  private position = 0;
  private running: AbortController | undefined;

  constructor(store: Store, { resource, waiting }: { readonly resource: string; readonly waiting: Waiting }) {
    this.store = store;
    this.resource = resource;
    this.waiting = waiting;
  }

  /** Tells a subscriber of every change after a revision, until it leaves or is failed. */
  async join(subscriber: Subscriber, after: number): Promise<void> {
    // Until it knows what the others know, the feed tells it nothing.
    this.members.set(subscriber, Number.POSITIVE_INFINITY);
    const current = await this.store.revision();
    let known = after;
    do {
      const batch = await this.store.changes({ after: known, resource: this.resource, limit: batchSize });
      if (!this.members.has(subscriber)) return;
      if (!batch.ok) {
        this.leave(subscriber);
        subscriber.fail(batch);
        return;
      }
      if (batch.changes.length > 0) subscriber.receive(batch.changes);
      if (!this.members.has(subscriber)) return;
      known = batch.revision;
    } while (known < this.position || known < current);
    this.members.set(subscriber, known);
    if (this.running !== undefined) return;
    this.position = Math.min(known, current);
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  leave(subscriber: Subscriber): void {
    this.members.delete(subscriber);
    if (this.members.size === 0) this.stop();
  }

  /**
   * Hands out what the store has by now. The answer is the revision up to which the subscriber has been told everything;
   * undefined while it has not caught up with the others.
   */
  async reached(subscriber: Subscriber): Promise<number | undefined> {
    if (this.running !== undefined) await this.pull();
    const known = this.members.get(subscriber);
    return known === undefined || known === Number.POSITIVE_INFINITY ? undefined : Math.max(known, this.position);
  }

  private async pull(): Promise<void> {
    const after = this.position;
    const batch = await this.store.changes({ after, resource: this.resource, limit: batchSize });
    // Another pull may have been faster: then this batch has been handed out.
    if (this.position !== after) return;
    if (!batch.ok) {
      this.failAll(batch);
      return;
    }
    this.position = batch.revision;
    if (batch.changes.length > 0) this.handOut(batch.changes, after);
  }

  private handOut(changes: readonly Change[], after: number): void {
    for (const [subscriber, known] of this.members) {
      const news = known <= after ? changes : changes.filter(({ object }) => object.revision > known);
      if (news.length > 0) this.give(subscriber, news);
    }
  }

  /** A watch that cannot go on does not end the others. */
  private give(subscriber: Subscriber, news: readonly Change[]): void {
    try {
      subscriber.receive(news);
    } catch (fault) {
      this.leave(subscriber);
      subscriber.fail({ fault });
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await this.store.changed({ after: this.position, resource: this.resource }, signal);
        // What is written in one turn of the event loop goes out together: each watcher costs a write to its connection, and
        // under a burst of changes these writes are nearly all the work there is.
        await endOfTurn();
        if (!signal.aborted) await this.pull();
      }
    } catch (fault) {
      if (!signal.aborted) this.failAll({ fault });
    }
  }

  private failAll(reason: Parameters<Subscriber['fail']>[0]): void {
    const failed = [...this.members.keys()];
    this.members.clear();
    this.stop();
    for (const subscriber of failed) subscriber.fail(reason);
  }

  private stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.position = 0;
  }
}

/** The feed of each resource. */
export type WatchFeeds = (resource: string) => Feed;

export function watchFeeds(store: Store): WatchFeeds {
  const feeds = new Map<string, Feed>();
  const waiting: Waiting = { bytes: 0 };
  return (resource) => {
    const feed = feeds.get(resource) ?? new Feed(store, { resource, waiting });
    feeds.set(resource, feed);
    return feed;
  };
}
