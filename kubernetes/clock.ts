/** Where time comes from. Nothing in the product asks the system for it, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, after `milliseconds`; the answer cancels it. */
  after(milliseconds: number, run: () => void): () => void;
}

/** Kubernetes' `Time`: RFC 3339 in UTC with whole seconds. */
export const timestamp = (clock: Pick<Clock, 'now'>): string => formatTime(clock.now());

/** The same for a moment that is known already, in milliseconds since the epoch. */
export const formatTime = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
