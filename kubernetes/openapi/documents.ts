import { apiVersionOf, type Kind } from '../kind.ts';
import { scale } from '../kinds/autoscaling/scale.ts';
import { once } from '../once.ts';
import { schemaNode } from '../schema-node.ts';
import { contentHash } from './content-hash.ts';
import { descriptionOf } from './description.ts';
import { objectFields } from './descriptions/descriptions.ts';
import { deleteOptions, listMeta, status } from './meta-types.ts';
import { pathsOf, rootOf, type Path } from './operations.ts';
import { SchemaCollection, type Json, type OpenapiVersion } from './schema.ts';
import * as three from './version-three.ts';
import * as two from './version-two.ts';
import { encodeDocument, type Schema } from './version-two-protobuf.ts';

/** A document as it is sent. The hash changes with the text. */
export interface OpenapiDocument {
  readonly text: string;
  readonly hash: string;
}

/** The OpenAPI documents of some kinds. Each is made when it is asked for first, and kept. */
export interface OpenapiDocuments {
  /** `/openapi/v3`: which documents there are, each under a URL with its hash, by which clients keep it for good. */
  versionThreeIndex(): OpenapiDocument;
  /** By what follows `/openapi/v3/`: `api/v1`, `apis/apps/v1`. */
  versionThree(path: string): OpenapiDocument | undefined;
  /** `/openapi/v2` as JSON. */
  versionTwo(): OpenapiDocument;
  /** `/openapi/v2` as `application/com.github.proto-openapi.spec.v2.v1.0+protobuf`. */
  versionTwoProtobuf(): { readonly bytes: Uint8Array; readonly hash: string };
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export function openapiDocuments(kinds: readonly Kind[]): OpenapiDocuments {
  const groups = new Map<string, readonly Kind[]>();
  for (const kind of kinds) {
    const path = rootOf(kind).slice(1);
    groups.set(path, [...(groups.get(path) ?? []), kind]);
  }
  const documents = new Map([...groups].map(([path, members]) => [path, once(() => versionThreeDocument(members))]));
  const index = once(() => {
    const entries = [...documents].map(([path, document]) => [
      path,
      { serverRelativeURL: `/openapi/v3/${path}?hash=${document().hash}` },
    ]);
    return asDocument({ paths: Object.fromEntries(entries) });
  });
  const json = once(() => versionTwoDocument(kinds));
  const bytes = once(() => ({
    bytes: encodeDocument(allPaths(kinds), schemasOf(kinds, 2) as Readonly<Record<string, Schema>>),
    hash: json().hash,
  }));
  return {
    versionThreeIndex: index,
    versionThree: (path) => documents.get(path)?.(),
    versionTwo: json,
    versionTwoProtobuf: bytes,
  };
}

function asDocument(value: Json): OpenapiDocument {
  const text = JSON.stringify(value);
  return { text, hash: contentHash(text) };
}

const info = { title: 'Kubernetes', version: 'v1' };

const versionThreeDocument = (kinds: readonly Kind[]): OpenapiDocument =>
  asDocument({
    openapi: '3.0.0',
    info,
    paths: three.pathItems(allPaths(kinds)),
    components: { schemas: schemasOf(kinds, 3) },
  });

const versionTwoDocument = (kinds: readonly Kind[]): OpenapiDocument =>
  asDocument({
    swagger: '2.0',
    info,
    paths: two.pathItems(allPaths(kinds)),
    definitions: schemasOf(kinds, 2),
    securityDefinitions: {
      BearerToken: {
        description: 'Bearer Token authentication',
        type: 'apiKey',
        name: 'authorization',
        in: 'header',
      },
    },
    security: [{ BearerToken: [] }],
  });

const allPaths = (kinds: readonly Kind[]): readonly Path[] => kinds.flatMap((kind) => pathsOf(kind, idOf(kind)));

function idOf(kind: Kind): string {
  const node = schemaNode(kind.schema());
  return node.type === 'struct' ? node.id : kind.kind;
}

function schemasOf(kinds: readonly Kind[], version: OpenapiVersion): Json {
  const schemas = new SchemaCollection(version);
  for (const kind of kinds) {
    const { group, version: of, kind: name } = kind;
    schemas.add(schemaNode(kind.schema()), [{ group, kind: name, version: of }]);
    schemas.addSchema(`${idOf(kind)}List`, listSchema(kind, schemas));
  }
  const bodyTypes = [...new Set(kinds.map(apiVersionOf))].map((apiVersion) => {
    const [first = '', second] = apiVersion.split('/');
    return second === undefined ? { group: '', version: first } : { group: first, version: second };
  });
  const inEachGroup = (kind: string): readonly Json[] =>
    bodyTypes.map(({ group, version: of }) => ({ group, kind, version: of }));
  schemas.add(schemaNode(listMeta()));
  schemas.add(schemaNode(status()), [{ group: '', kind: 'Status', version: 'v1' }]);
  schemas.add(schemaNode(deleteOptions()), inEachGroup('DeleteOptions'));
  schemas.addSchema(`${meta}.Patch`, { ...descriptionOf(`${meta}.Patch`), type: 'object' });
  if (kinds.some((kind) => kind.subresources.scale))
    schemas.add(schemaNode(scale.schema()), [{ group: 'autoscaling', kind: 'Scale', version: 'v1' }]);
  return schemas.toJson();
}

function listSchema(kind: Kind, schemas: SchemaCollection): Json {
  return {
    description: `Objects of kind ${kind.kind}, as a list of them is answered.`,
    type: 'object',
    required: ['items'],
    properties: {
      apiVersion: { description: objectFields.apiVersion, type: 'string' },
      items: { description: 'The objects.', type: 'array', items: schemas.reference(idOf(kind)) },
      kind: { description: `${kind.kind}List.`, type: 'string' },
      metadata: schemas.reference(`${meta}.ListMeta`),
    },
    'x-kubernetes-group-version-kind': [{ group: kind.group, kind: `${kind.kind}List`, version: kind.version }],
  };
}
