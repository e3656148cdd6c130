import { maximumWatchesUnreadBytes, maximumWatchUnreadBytes, pieceBytes } from '../../../kubernetes/limits.ts';
import { joinedBytes } from '../joined-bytes.ts';

/** What waits for the clients of all watches together. */
export interface Waiting {
  bytes: number;
}

/** The lines that wait for the client of a watch, given out as it takes them. */
export class Outbox {
  private readonly controller: ReadableStreamDefaultController<Uint8Array>;
  private readonly all: Waiting;
  private readonly lines: Uint8Array[] = [];
  private bytes = 0;
  /** The client waits for something. */
  private isAwaited = false;
  private isClosing = false;

  constructor(controller: ReadableStreamDefaultController<Uint8Array>, all: Waiting) {
    this.controller = controller;
    this.all = all;
  }

  /** How much more may wait. */
  get room(): number {
    return Math.min(maximumWatchUnreadBytes - this.bytes, maximumWatchesUnreadBytes - this.all.bytes);
  }

  send(lines: readonly Uint8Array[]): void {
    for (const line of lines) {
      this.lines.push(line);
      this.count(line.byteLength);
    }
    if (this.isAwaited) this.pull();
  }

  /** Gives the client what waits, a piece of it; answers whether there was something. */
  pull(): boolean {
    const piece = this.nextPiece();
    this.isAwaited = piece === undefined;
    if (piece !== undefined) this.controller.enqueue(piece);
    else if (this.isClosing) this.controller.close();
    return piece !== undefined;
  }

  /** Ends the stream once all has been taken. */
  close(): void {
    if (this.isClosing) return;
    this.isClosing = true;
    if (this.lines.length === 0) this.controller.close();
  }

  /** The client has gone. */
  drop(): void {
    this.lines.length = 0;
    this.count(-this.bytes);
  }

  /** A line is shared by all watches: it is copied only together with others, and a long one is cut, not copied. */
  private nextPiece(): Uint8Array | undefined {
    const [first] = this.lines;
    if (first === undefined) return undefined;
    if (first.byteLength > pieceBytes) {
      this.lines[0] = first.subarray(pieceBytes);
      this.count(-pieceBytes);
      return first.subarray(0, pieceBytes);
    }
    let count = 0;
    let bytes = 0;
    for (const line of this.lines) {
      if (bytes + line.byteLength > pieceBytes) break;
      bytes += line.byteLength;
      count += 1;
    }
    this.count(-bytes);
    const parts = this.lines.splice(0, count);
    return parts.length === 1 ? first : joinedBytes(parts, bytes);
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.all.bytes += bytes;
  }
}
