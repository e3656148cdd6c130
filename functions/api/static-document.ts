/** A body that is the same for everybody, with the tag by which clients say that they have it already. */
export interface StaticDocument {
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly etag: string;
}

export async function staticDocument(body: StaticDocument['body'], contentType: string): Promise<StaticDocument> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { body, contentType, etag: `"${hash.toUpperCase()}"` };
}

/** The document, or 304 when the client has it. */
export function documentResponse(request: Request, { body, contentType, etag }: StaticDocument): Response {
  const headers = { ETag: etag, Vary: 'Accept', 'Cache-Control': 'public' };
  const known = (request.headers.get('if-none-match') ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag);
  if (known) return new Response(null, { status: 304, headers });
  return new Response(body, { headers: { ...headers, 'Content-Type': contentType } });
}
