import type { FuzzRequest } from './requests.ts';
import type { Received } from '../../support/send.ts';

/** Bytes that an error may have: it must not be many times larger than what it answers. */
const largestErrorBytes = 1024 * 1024;

/** What is wrong with an answer: a text that is the same for the same fault. */
export function problemOf(request: FuzzRequest, received: Received, complaints: readonly string[]): string | undefined {
  const { status, problem, bytes, text } = received;
  if (problem !== undefined) return isGivenUp(request, received) ? undefined : `${problem}: ${request.shape}`;
  if (status === undefined) return undefined;
  if (status >= 500 && !isKnown(received)) {
    const cause = /^\s*(?:\w*Error|\[cause\]): .*$/m.exec(complaints.slice(-3).join(''))?.[0] ?? '';
    return `${status}: ${general(/"message":"(.{0,150})/.exec(text)?.[1] ?? text.slice(0, 100))} ${general(cause.slice(0, 200))}`;
  }
  if (status >= 400 && bytes > largestErrorBytes)
    return `an error of more than ${largestErrorBytes} bytes: ${request.shape}`;
  return undefined;
}

/** A body that is too large is not read to its end, and whoever goes on sending it may find the connection closed. */
const isGivenUp = ({ body }: FuzzRequest, { problem }: Received): boolean =>
  body.length > 3 * 1024 * 1024 && (problem === 'ECONNRESET' || problem === 'EPIPE');

/** What a kube-apiserver, or a server without an engine for containers, answers so, in these words. */
const known: Readonly<Record<number, readonly string[]>> = {
  500: [
    '"resourceVersion should not be set on objects to be created"',
    '"message":"failed to create typed patch object (',
  ],
  501: ['needs a container engine: tasks are simulated here'],
  504: ['ResourceVersionTooLarge'],
};

const isKnown = ({ status = 0, text }: Received): boolean =>
  (known[status] ?? []).some((words) => text.includes(words));

/** Without what differs from one request to the next. */
export const general = (text: string): string =>
  text
    .replace(/^((?:\d+: )?unknown patch type).*|(?<=^(?:\d+: )?map): map\[.*?\] /s, '$1 ')
    .replaceAll(/\d+/g, 'N')
    .replaceAll(/(.)\1{9,}/g, '$1…');

interface Finding {
  readonly what: string;
  /** The first request that showed it. */
  readonly index: number;
  readonly shape: string;
  count: number;
}

/** What was found, each fault once. */
export class Findings {
  private readonly byText = new Map<string, Finding>();
  private readonly options: { readonly seed: number; readonly say: (text: string) => void };

  constructor(options: { readonly seed: number; readonly say: (text: string) => void }) {
    this.options = options;
  }

  /** Says what is new at once: a run may be stopped before its end. */
  add(what: string, request: FuzzRequest, index: number): void {
    const known = this.byText.get(what);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    const finding = { what, index, shape: `${request.shape}, ${request.body.length} bytes`, count: 1 };
    this.byText.set(what, finding);
    this.options.say(`FINDING ${this.line(finding)}`);
  }

  get lines(): readonly string[] {
    return [...this.byText.values()].map((finding) => this.line(finding));
  }

  private line({ what, index, shape, count }: Finding): string {
    const again = `FUZZ_SEED=${this.options.seed} FUZZ_FIRST=${index} FUZZ_REQUESTS=1 npm run test:long -- fuzz`;
    return `${what}\n    ${count} x, first: ${shape}\n    ${again}`;
  }
}
