/**
 * What there is to look at again. Two implementations, one conformance suite (test/conformance/queue.ts).
 *
 * **An item is a key, not a message.** It says that something about the object with that key (`formatKey`) may have
 * changed; whoever works on it reads all it needs. Items with one key may be merged into one.
 *
 * **One key is never worked on twice at once.** A key that comes in while it is being worked on is worked on again
 * afterwards: no change is ever missed by a worker that had already looked.
 *
 * **Nothing is forgotten.** Work that throws, or whose worker dies, is given out again, later each time; a key that
 * keeps failing is set aside without holding up others, and reported.
 */
export interface WorkQueue {
  /**
   * Asks for work on a key, now or after a delay. A delay never holds back work that is due sooner. Throws RefusedKey for
   * a key that it will never take.
   */
  enqueue(key: string, options?: { readonly delaySeconds?: number }): Promise<void>;
}

/** A key that a queue has no place for, whenever it is asked: too long, or of characters that it does not carry. */
export class RefusedKey extends Error {}

/** Does the work on one key. Throws when it has to be repeated because of a fault. */
export type Worker = (key: string) => Promise<Outcome>;

/** `again`: look once more after so many seconds, if nothing asks for it sooner. */
export type Outcome = { readonly done: true } | { readonly again: number };

/** After so many failures a key is set aside. The waits between them grow: together they take about half an hour. */
export const standardAttempts = 12;

export const done: Outcome = { done: true };
export const again = (seconds: number): Outcome => ({ again: seconds });
