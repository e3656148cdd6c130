import { once } from '../../kubernetes/once.ts';
import type { OpenapiDocument } from '../../kubernetes/openapi/documents.ts';
import { notAcceptable } from '../../kubernetes/status-error.ts';
import { clauses } from './negotiate.ts';
import { documentResponse } from './static-document.ts';
import { servedKinds } from './served-kinds.ts';

/** Loaded when somebody asks for one first: they bring the descriptions of all fields, which nobody else needs. */
const documents = once(async () => {
  const { openapiDocuments } = await import('../../kubernetes/openapi/documents.ts');
  return openapiDocuments(servedKinds);
});
const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** GET /openapi/v3: which documents there are. */
export const openapiIndex = async (request: Request): Promise<Response> =>
  jsonDocument(request, (await documents()).versionThreeIndex());

/** GET /openapi/v3/api/v1 and /openapi/v3/apis/{group}/{version}; undefined when there is no such document. */
export async function openapiOfGroup(request: Request, path: string): Promise<Response | undefined> {
  const document = (await documents()).versionThree(path);
  return document && jsonDocument(request, document);
}

const jsonDocument = (request: Request, { text, hash }: OpenapiDocument): Response =>
  documentResponse(request, { body: text, contentType: 'application/json', etag: `"${hash}"` });

/** GET /openapi/v2: in protobuf for kubectl, which writes the type with an `@`; as JSON for who asks for that. */
export async function openapiVersionTwo(request: Request): Promise<Response> {
  for (const { type } of clauses(request.headers.get('accept') || '*/*')) {
    if (type.replace('@', '.') === protobuf) {
      const { bytes, hash } = (await documents()).versionTwoProtobuf();
      return documentResponse(request, { body: new Uint8Array(bytes), contentType: protobuf, etag: `"${hash}-pb"` });
    }
    if (['application/json', 'application/*', '*/*'].includes(type)) {
      return jsonDocument(request, (await documents()).versionTwo());
    }
  }
  throw notAcceptable(['application/json', protobuf]);
}
