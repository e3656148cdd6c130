import type { Clock } from '../../kubernetes/clock.ts';
import { heldListMilliseconds, pieceBytes } from '../../kubernetes/limits.ts';
import { formatContinueToken, parseContinueToken } from '../../kubernetes/store/continue-token.ts';
import type { Expired, ListPage, ListQuery, Store, StoredObject } from '../../kubernetes/store/store.ts';

/** Where a page can be read again. */
export interface PageOrigin {
  readonly store: Store;
  readonly clock: Clock;
  readonly query: ListQuery;
  readonly revision: number;
}

/**
 * The objects of a list, a few at a time. They are held only while somebody takes them: for a client that pauses they are
 * read again as they were, so that it keeps nothing in memory that the store has given up.
 */
export class PacedList {
  private items: readonly StoredObject[] | undefined;
  private index = 0;
  private left: number;
  private last: StoredObject['key'] | undefined;
  private cancelRelease = (): void => undefined;
  private readonly origin: PageOrigin | undefined;

  /** Without an origin the objects are held until they are taken. */
  constructor(items: readonly StoredObject[], origin?: PageOrigin) {
    this.items = items;
    this.left = items.length;
    this.origin = origin;
    this.releaseLater();
  }

  get isDone(): boolean {
    return this.left === 0;
  }

  /** The next objects, about so many bytes of them; `expired` when they can no longer be read. */
  async next(most: number = pieceBytes): Promise<readonly StoredObject[] | Expired> {
    this.cancelRelease();
    if (this.items === undefined) {
      const page = await this.readAgain();
      if (!page.ok) return page;
      this.items = page.items;
      this.index = 0;
      this.left = page.items.length;
    }
    const start = this.index;
    for (let bytes = 0; this.index < this.items.length; this.index += 1) {
      bytes += this.items[this.index]?.text.length ?? 0;
      if (bytes > most && this.index > start) break;
    }
    const some = this.items.slice(start, this.index);
    this.left -= some.length;
    this.last = some.at(-1)?.key ?? this.last;
    this.releaseLater();
    return some;
  }

  release(): void {
    this.cancelRelease();
    this.items = this.origin === undefined && this.left > 0 ? this.items : undefined;
  }

  private releaseLater(): void {
    if (this.origin === undefined || this.isDone) return;
    this.cancelRelease = this.origin.clock.after(heldListMilliseconds, () => this.release());
  }

  private async readAgain(): Promise<ListPage | Expired> {
    if (this.origin === undefined || this.isDone) return { ok: true, items: [], revision: 0 };
    const { store, query, revision } = this.origin;
    const begin = query.continue === undefined ? { namespace: '', name: '' } : parseContinueToken(query.continue).after;
    return store.list({
      ...query,
      limit: this.left,
      continue: formatContinueToken({ after: this.last ?? begin, revision }),
    });
  }
}
