import type { AwsEvent } from '../functions/events/event.ts';

/**
 * What can go wrong between a program and AWS, for tests. Everything is off by default.
 */
export interface Faults {
  /** Asked before each attempt of a call; what it answers happens to that attempt. */
  call?(call: Call): CallFault | undefined;
  /** ECS refuses calls that come faster than its token buckets fill (aws/rate.ts), though nobody has waited for a token. */
  readonly limitCalls?: boolean;
  /** Reads (Describe…, List…) show the state as it was so many milliseconds ago: AWS is eventually consistent. */
  readonly staleMilliseconds?: number;
  /**
   * When an event is delivered, in milliseconds from now: `[0]` is the rule, `[]` loses it, `[0, 5000]` delivers it
   * twice, `[5000]` late and so after others.
   */
  deliveries?(event: AwsEvent): readonly number[];
}

export interface Call {
  readonly service: string;
  /** `RunTask` */
  readonly operation: string;
  /** 1 for the first; the SDK tries again after faults that may pass. */
  readonly attempt: number;
}

/**
 * - `throttle`: refused with ThrottlingException, `Rate exceeded`
 * - `unavailable`: ServerException, nothing was done
 * - `lost-answer`: it was done, but the client sees a time-out
 */
export type CallFault = 'throttle' | 'unavailable' | 'lost-answer';
