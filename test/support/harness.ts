import { onTestFinished } from 'vitest';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from '../../local/control-plane.ts';
import { ManualClock, settle } from './manual-clock.ts';

/** All of Skiff in this process, with time in the test's hand. */
export interface Harness extends ControlPlane {
  readonly clock: ManualClock;
  /** What was reported as Skiff's own fault; a test that expects none says so. */
  readonly reported: readonly unknown[];
  /** Sends a request with the token; a body is sent as JSON, a patch as its type says. */
  readonly call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  /** Lets so many seconds pass, and everything happen that is due in them. */
  readonly pass: (seconds: number) => Promise<void>;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON, read as what the test says that it is. */
  body<T = Record<string, unknown>>(): T;
}

const token = 'token-of-the-harness';

/** Starts everything; it ends with the test. */
export async function startHarness(
  options: Partial<ControlPlaneOptions> & { readonly clock?: ManualClock } = {},
): Promise<Harness> {
  const clock = options.clock ?? new ManualClock();
  const reported: unknown[] = [];
  const controlPlane = await startControlPlane({
    clock,
    speed: 'fast',
    token,
    apiServer: { address: '10.0.0.3', port: 6443 },
    newId: ids(),
    random: numbers(),
    report: (error) => reported.push(error),
    ...options,
  });
  onTestFinished(() => controlPlane.stop());
  return {
    ...controlPlane,
    clock,
    reported,
    call: async (method, path, { body, headers } = {}) => {
      const response = await controlPlane.app.request(path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: <T>() => JSON.parse(text) as T };
    },
    pass: async (seconds) => {
      await clock.advance(seconds * 1000);
      await controlPlane.queue.idle();
      await settle();
    },
  };
}

/** UUIDs in a row. */
function ids(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
  };
}

/** Numbers in [0, 1) that are the same in each run (mulberry32). */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
