import type { Clock } from '../../../kubernetes/clock.ts';
import { resourceOf, type Kind } from '../../../kubernetes/kind.ts';
import { expired, internalError, type Status } from '../../../kubernetes/status-error.ts';
import type { Change, Expired, Store } from '../../../kubernetes/store/store.ts';
import type { Selection } from '../selection.ts';
import type { EventLines } from './event-text.ts';
import type { Feed, Subscriber } from './feed.ts';
import type { WatchOptions } from './options.ts';

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

/** A client that reads so slowly that more than this waits for it has to begin anew. */
const maximumWaitingBytes = 16 * 1024 * 1024;

/** The body of a watch. It ends at its deadline, when its client goes, or after an ERROR event. */
export function watchStream(watch: Watch): ReadableStream<Uint8Array> {
  let session: WatchSession | undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        session = new WatchSession(watch, controller);
        void session.begin();
      },
      cancel() {
        session?.end();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
}

class WatchSession implements Subscriber {
  private readonly watch: Watch;
  private readonly controller: ReadableStreamDefaultController<Uint8Array>;
  private readonly timers = new Set<() => void>();
  private ended = false;
  private after = 0;

  constructor(watch: Watch, controller: ReadableStreamDefaultController<Uint8Array>) {
    this.watch = watch;
    this.controller = controller;
  }

  async begin(): Promise<void> {
    const { options, store, feed, clock } = this.watch;
    this.timers.add(clock.after(options.seconds * 1000, () => void this.finish()));
    if (options.bookmarks) this.bookmarkLater();
    try {
      if (options.initialEvents) await this.sendInitialEvents();
      else this.after = options.after ?? (await store.revision());
      if (!this.ended) await feed.join(this, this.after);
    } catch (fault) {
      this.fail({ fault });
    }
  }

  receive(changes: readonly Change[]): void {
    const lines: Uint8Array[] = [];
    for (const change of changes) {
      const type = this.typeFor(change);
      if (type !== undefined) lines.push(this.watch.lines.object(type, change.object));
    }
    this.send(lines);
  }

  fail(reason: Expired | { readonly fault: unknown }): void {
    if (this.ended) return;
    if ('fault' in reason) this.watch.report(reason.fault);
    this.send([this.watch.lines.error(this.statusOf(reason))]);
    this.close();
  }

  /** Frees everything. */
  end(): void {
    this.ended = true;
    this.watch.feed.leave(this);
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private async sendInitialEvents(): Promise<void> {
    const { kind, namespace, selection, store, lines, options } = this.watch;
    const page = await store.list({
      resource: resourceOf(kind),
      ...(namespace === '' ? {} : { namespace }),
      ...(selection === undefined ? {} : { where: selection }),
    });
    if (!page.ok) throw new Error('the newest state of a list is not kept');
    this.after = page.revision;
    this.send(page.items.map((item) => lines.object('ADDED', item)));
    if (options.marksInitialEvents) this.send([lines.bookmark(page.revision, true)]);
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
    const [first, ...more] = lines;
    if (this.ended || first === undefined) return;
    this.controller.enqueue(more.length === 0 ? first : joined(lines));
    if ((this.controller.desiredSize ?? 0) < -maximumWaitingBytes) this.close();
  }

  private close(): void {
    if (this.ended) return;
    this.end();
    this.controller.close();
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

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.byteLength;
  }
  return all;
}
