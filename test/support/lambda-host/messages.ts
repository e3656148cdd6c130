/** What the host and a function's process tell each other. */

export interface InvokeMessage {
  readonly event: unknown;
}

export type RuntimeMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'metadata'; readonly statusCode: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  /** The invocation is over: the process may be frozen. */
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly error: string };
