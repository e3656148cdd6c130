import type { Clock } from '../../../kubernetes/clock.ts';
import { resourceOf, type Kind } from '../../../kubernetes/kind.ts';
import { expired, internalError, type Status } from '../../../kubernetes/status-error.ts';
import type { Change, Expired, Store } from '../../../kubernetes/store/store.ts';
import { PacedList } from '../paced-list.ts';
import type { Selection } from '../selection.ts';
import type { EventLines } from './event-text.ts';
import type { Feed, Subscriber } from './feed.ts';
import type { WatchOptions } from './options.ts';
import { Outbox } from './outbox.ts';

export interface Watch {
  readonly kind: Kind;
  /** '' for all. */
  readonly namespace: string;
  readonly selection: Selection | undefined;
  readonly options: WatchOptions;
  readonly lines: EventLines;
  readonly store: Store;
  readonly feed: Feed;
  readonly clock: Clock;
  report(error: unknown): void;
}

const bookmarkMilliseconds = 60_000;

/**
 * The body of a watch. It ends at its deadline, when its client goes, or after an ERROR event. Little waits for a client that
 * does not read: what happens meanwhile is read from the store when it is ready, or is a 410 when it is no longer kept.
 */
export function watchStream(watch: Watch): ReadableStream<Uint8Array> {
  let session: WatchSession | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        session = new WatchSession(watch, controller);
        void session.begin();
      },
      pull: () => session?.pull(),
      cancel: () => session?.drop(),
    },
    { highWaterMark: 0 },
  );
}

class WatchSession implements Subscriber {
  private readonly watch: Watch;
  private readonly outbox: Outbox;
  private readonly timers = new Set<() => void>();
  private ended = false;
  /** There is more for the client than waits for it. */
  private isBehind = false;
  /** What there was, as far as the client has not been told of it. */
  private initial: PacedList | undefined;
  /** The revision up to which it has been told everything. */
  private after = 0;

  constructor(watch: Watch, controller: ReadableStreamDefaultController<Uint8Array>) {
    this.watch = watch;
    this.outbox = new Outbox(controller, watch.feed.waiting);
  }

  async begin(): Promise<void> {
    const { options, store, clock } = this.watch;
    this.timers.add(clock.after(options.seconds * 1000, () => void this.finish()));
    if (options.bookmarks) this.bookmarkLater();
    try {
      if (options.initialEvents) await this.readInitialEvents();
      else this.after = options.after ?? (await store.revision());
    } catch (fault) {
      return this.fail({ fault });
    }
    await this.goOn();
  }

  /** The client wants something. */
  async pull(): Promise<void> {
    if (!this.outbox.pull() && this.isBehind) await this.goOn();
  }

  receive(changes: readonly Change[]): void {
    const lines: Uint8Array[] = [];
    let { room } = this.outbox;
    for (const change of changes) {
      this.after = change.object.revision;
      const type = this.typeFor(change);
      if (type === undefined) continue;
      const line = this.watch.lines.object(type, change.object);
      lines.push(line);
      room -= line.byteLength;
      if (room < 0) break;
    }
    if (room < 0) {
      this.isBehind = true;
      this.watch.feed.leave(this);
    }
    this.send(lines);
  }

  fail(reason: Expired | { readonly fault: unknown }): void {
    if (this.ended) return;
    if ('fault' in reason) this.watch.report(reason.fault);
    this.send([this.watch.lines.error(this.statusOf(reason))]);
    this.close();
  }

  /** The client has gone. */
  drop(): void {
    this.end();
    this.outbox.drop();
  }

  /** Frees everything but what waits for the client. */
  private end(): void {
    this.ended = true;
    this.isBehind = false;
    this.initial?.release();
    this.watch.feed.leave(this);
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private async readInitialEvents(): Promise<void> {
    const { kind, namespace, selection, store, clock } = this.watch;
    const query = {
      resource: resourceOf(kind),
      ...(namespace === '' ? {} : { namespace }),
      ...(selection === undefined ? {} : { where: selection }),
    };
    const page = await store.list(query);
    if (!page.ok) throw new Error('the newest state of a list is not kept');
    this.after = page.revision;
    this.initial = new PacedList(page.items, { store, clock, query, revision: page.revision });
    if (this.ended) this.initial.release();
  }

  /** Sends what there was, as the client takes it, and then what has happened since. */
  private async goOn(): Promise<void> {
    this.isBehind = false;
    try {
      const isUpToDate = this.initial === undefined || (await this.sendInitialEvents(this.initial));
      if (isUpToDate && !this.ended) await this.watch.feed.join(this, this.after);
    } catch (fault) {
      this.fail({ fault });
    }
  }

  /** Sends some of what there was; answers whether that was the rest. */
  private async sendInitialEvents(initial: PacedList): Promise<boolean> {
    const { lines, options } = this.watch;
    const some = await initial.next();
    if ('ok' in some) {
      this.fail(some);
      return false;
    }
    const { isDone } = initial;
    this.isBehind = !isDone && !this.ended;
    if (isDone) this.initial = undefined;
    const marks = isDone && options.marksInitialEvents ? [lines.bookmark(this.after, true)] : [];
    this.send([...some.map((item) => lines.object('ADDED', item)), ...marks]);
    return isDone;
  }

  /** What a change is for this watch: an object that begins to be selected is added, one that ceases to be is deleted. */
  private typeFor({ type, object, previous }: Change): Change['type'] | undefined {
    const { namespace, selection } = this.watch;
    if (namespace !== '' && object.key.namespace !== namespace) return undefined;
    if (selection === undefined) return type;
    if (type !== 'MODIFIED') return selection(previous ?? object) ? type : undefined;
    const was = previous !== undefined && selection(previous);
    if (selection(object)) return was ? 'MODIFIED' : 'ADDED';
    return was ? 'DELETED' : undefined;
  }

  private send(lines: readonly Uint8Array[]): void {
    if (!this.ended) this.outbox.send(lines);
  }

  private close(): void {
    if (this.ended) return;
    this.end();
    this.outbox.close();
  }

  private bookmarkLater(): void {
    const cancel = this.watch.clock.after(bookmarkMilliseconds, () => {
      this.timers.delete(cancel);
      void this.bookmark().then(() => {
        if (!this.ended) this.bookmarkLater();
      });
    });
    this.timers.add(cancel);
  }

  /** Tells the client from where it can go on, after everything that has happened by now. */
  private async bookmark(): Promise<void> {
    try {
      const revision = await this.watch.feed.reached(this);
      if (revision !== undefined) this.send([this.watch.lines.bookmark(revision)]);
    } catch (fault) {
      this.fail({ fault });
    }
  }

  private async finish(): Promise<void> {
    if (this.watch.options.bookmarks) await this.bookmark();
    this.close();
  }

  private statusOf(reason: Expired | { readonly fault: unknown }): Status {
    if ('fault' in reason) return internalError('the changes cannot be read').status;
    return expired(`too old resource version: ${this.after} (${reason.oldest})`).status;
  }
}
