import type { Duplex } from 'node:stream';
import type { Clock } from '../kubernetes/clock.ts';
import { maximumUnreadBytes } from '../kubernetes/limits.ts';

/** What a connection holds besides what it has to send. */
export interface Held {
  bytes(): number;
  /** Lets go of all that, and ends the connection. */
  end(): void;
}

interface Followed {
  held?: Held;
  /** The bytes that the client had taken when somebody last looked. */
  taken: number;
  /** How often it had taken nothing more since. */
  looks: number;
}

/** Less of one connection is of no matter: the connection itself costs as much. */
const noticedBytes = 64 * 1024;
const lookMilliseconds = 1000;

/**
 * The bytes of a process that wait for readers: answers that clients do not take, and what clients send and nobody reads.
 * When they are too many, the connections on which they have waited longest are ended.
 */
export class UnreadBytes {
  private readonly clock: Clock;
  private readonly most: number;
  private readonly connections = new Map<Duplex, Followed>();
  private grown = 0;
  /** What waited at the last look, and what was ended in this second: its memory is not given back at once. */
  private total = 0;
  private ended = 0;
  private cancelLook: (() => void) | undefined;

  constructor(clock: Clock, most: number = maximumUnreadBytes) {
    this.clock = clock;
    this.most = most;
  }

  /** Counts what a connection has to send, until it closes. */
  follow(connection: Duplex): void {
    if (this.connections.has(connection)) return;
    this.connections.set(connection, { taken: -1, looks: 0 });
    connection.once('close', () => {
      this.connections.delete(connection);
      if (this.connections.size > 0) return;
      this.total = 0;
      this.grown = 0;
      this.ended = 0;
      this.cancelLook?.();
      this.cancelLook = undefined;
    });
    this.cancelLook ??= this.lookLater();
  }

  /** Counts what else a connection holds. */
  hold(connection: Duplex, held: Held): void {
    const followed = this.connections.get(connection);
    if (followed !== undefined) followed.held = held;
  }

  /** Told of what may wait from now on: a second is long enough for gigabytes. */
  grew(bytes: number): void {
    this.grown += bytes;
    if (this.grown * 8 > this.most) this.look();
  }

  /** Whether so much waits, or has been ended just now, that no more should be answered for a moment. */
  get isFull(): boolean {
    return this.total + this.grown + this.ended > this.most * 2;
  }

  /** All that waits now. */
  bytes(): number {
    let total = 0;
    for (const [connection, { held }] of this.connections) total += unsent(connection) + (held?.bytes() ?? 0);
    return total;
  }

  private lookLater(): () => void {
    return this.clock.after(lookMilliseconds, () => {
      this.cancelLook = this.lookLater();
      this.ended = 0;
      this.look();
    });
  }

  private look(): void {
    this.grown = 0;
    let total = 0;
    const waiting: { readonly bytes: number; readonly looks: number; readonly end: () => void }[] = [];
    for (const [connection, followed] of this.connections) {
      const { writableLength, destroyed } = connection;
      if (destroyed) continue;
      const bytes = unsent(connection) + (followed.held?.bytes() ?? 0);
      total += bytes;
      if (bytes < noticedBytes) continue;
      const taken = writtenTo(connection) - writableLength;
      followed.looks = taken === followed.taken ? followed.looks + 1 : 0;
      followed.taken = taken;
      waiting.push({ bytes, looks: followed.looks, end: () => end(connection, followed.held) });
    }
    for (const each of waiting.toSorted((a, b) => b.looks - a.looks)) {
      if (total <= this.most) break;
      total -= each.bytes;
      this.ended += each.bytes;
      each.end();
    }
    this.total = total;
  }
}

/** A client that reads is told that it is over; from one that does not, nothing can be taken back but the connection. */
function end(connection: Duplex, held: Held | undefined): void {
  held?.end();
  if (held === undefined || connection.writableLength >= noticedBytes) connection.destroy();
}

/** Over TLS what is to be sent is there a second time, encrypted. */
const unsent = (connection: Duplex): number => connection.writableLength * ('encrypted' in connection ? 2 : 1);

const writtenTo = (connection: Duplex): number =>
  'bytesWritten' in connection && typeof connection.bytesWritten === 'number' ? connection.bytesWritten : 0;
