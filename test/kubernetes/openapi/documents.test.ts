import protobuf from 'protobufjs/minimal.js';
import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { configMap } from '../../../kubernetes/kinds/core/config-map.ts';
import { namespace } from '../../../kubernetes/kinds/core/namespace.ts';
import { pod } from '../../../kubernetes/kinds/core/pod.ts';
import { openapiDocuments } from '../../../kubernetes/openapi/documents.ts';

const documents = openapiDocuments([configMap, namespace, pod, deployment]);

interface Document {
  readonly paths: Record<string, Record<string, Record<string, unknown>>>;
  readonly components: { readonly schemas: Record<string, { properties: Record<string, object> }> };
  readonly definitions: Record<string, { properties: Record<string, object> }>;
}

const parse = (text: string | undefined): Document => JSON.parse(text ?? '');
const apps = () => parse(documents.versionThree('apis/apps/v1')?.text);
const object = '/apis/apps/v1/namespaces/{namespace}/deployments/{name}';

describe('OpenAPI version 3', () => {
  test('lists a document for each group and version, under its hash', () => {
    const { paths } = JSON.parse(documents.versionThreeIndex().text);
    expect(paths).toEqual({
      'api/v1': { serverRelativeURL: `/openapi/v3/api/v1?hash=${documents.versionThree('api/v1')?.hash}` },
      'apis/apps/v1': {
        serverRelativeURL: `/openapi/v3/apis/apps/v1?hash=${documents.versionThree('apis/apps/v1')?.hash}`,
      },
    });
    expect(documents.versionThree('apis/batch/v1')).toBeUndefined();
    expect(documents.versionThree('__proto__')).toBeUndefined();
  });

  test('is made once, with a hash of its own', () => {
    expect(documents.versionThree('api/v1')).toBe(documents.versionThree('api/v1'));
    const hashes = new Set([
      documents.versionThree('api/v1')?.hash,
      documents.versionThree('apis/apps/v1')?.hash,
      openapiDocuments([configMap]).versionThree('api/v1')?.hash,
    ]);
    expect(hashes.size).toBe(3);
    expect(openapiDocuments([configMap, namespace, pod]).versionThree('api/v1')).toEqual(
      documents.versionThree('api/v1'),
    );
  });

  test('tells kubectl that PATCH validates fields and takes every kind of patch', () => {
    expect(apps().paths[object]?.['patch']).toMatchObject({
      operationId: 'patchAppsV1NamespacedDeployment',
      tags: ['apps_v1'],
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
      parameters: expect.arrayContaining([
        expect.objectContaining({
          name: 'fieldValidation',
          in: 'query',
          schema: { type: 'string', uniqueItems: true },
        }),
      ]),
      requestBody: {
        content: {
          'application/apply-patch+yaml': {},
          'application/json-patch+json': {},
          'application/merge-patch+json': {},
          'application/strategic-merge-patch+json': {},
        },
      },
    });
  });

  test('has the paths that a kind has verbs for', () => {
    const core = parse(documents.versionThree('api/v1')?.text).paths;
    expect(Object.keys(core['/api/v1/namespaces'] ?? {})).toEqual(['get', 'post', 'parameters']);
    expect(Object.keys(core['/api/v1/configmaps'] ?? {})).toEqual(['get', 'parameters']);
    expect(Object.keys(core['/api/v1/namespaces/{namespace}/configmaps/{name}'] ?? {}).sort()).toEqual([
      'delete',
      'get',
      'parameters',
      'patch',
      'put',
    ]);
  });

  test('has schemas as a kube-apiserver has them', () => {
    const { schemas } = apps().components;
    expect(schemas['io.k8s.api.apps.v1.Deployment']).toMatchObject({
      type: 'object',
      'x-kubernetes-group-version-kind': [{ group: 'apps', kind: 'Deployment', version: 'v1' }],
    });
    expect(schemas['io.k8s.api.apps.v1.DeploymentSpec']).toMatchObject({
      required: ['selector', 'template'],
      properties: {
        replicas: { type: 'integer', format: 'int32' },
        strategy: {
          allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy' }],
          'x-kubernetes-patch-strategy': 'retainKeys',
        },
      },
    });
    expect(schemas['io.k8s.api.core.v1.Container']?.properties).toMatchObject({
      args: { type: 'array', 'x-kubernetes-list-type': 'atomic' },
      ports: {
        type: 'array',
        items: { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.ContainerPort' }] },
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
        'x-kubernetes-patch-merge-key': 'containerPort',
        'x-kubernetes-patch-strategy': 'merge',
      },
    });
    expect(schemas['io.k8s.api.core.v1.ResourceRequirements']?.properties).toMatchObject({
      limits: {
        type: 'object',
        additionalProperties: { $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity' },
      },
    });
    expect(schemas['io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector']).toMatchObject({
      'x-kubernetes-map-type': 'atomic',
    });
  });

  test.each(['api/v1', 'apis/apps/v1'])('refers to nothing that is not there: %s', (path) => {
    const { text } = documents.versionThree(path) ?? { text: '' };
    const { schemas } = parse(text).components;
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, id]) => id ?? '');
    expect(references.length).toBeGreaterThan(50);
    expect(references.filter((id) => !Object.hasOwn(schemas, id))).toEqual([]);
  });
});

describe('OpenAPI version 2', () => {
  test('refers to nothing that is not there', () => {
    const { text } = documents.versionTwo();
    const { definitions } = parse(text);
    const references = [...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, id]) => id ?? '');
    expect(references.length).toBeGreaterThan(50);
    expect(references.filter((id) => !Object.hasOwn(definitions, id))).toEqual([]);
    expect(definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString']).toEqual({
      description: expect.any(String),
      type: 'string',
      format: 'int-or-string',
    });
  });

  test('tells kubectl 1.27 in protobuf that PATCH validates fields', () => {
    const { bytes } = documents.versionTwoProtobuf();
    const found = paths(bytes);
    expect(found.map(({ name }) => name)).toContain(object);
    for (const { patch } of found) {
      const fields = readFields(patch);
      expect(fields.filter(({ number }) => number === 7).map(({ value }) => asText(value))).toContain(
        'application/strategic-merge-patch+json',
      );
      expect(asText(patch)).toContain('fieldValidation');
      expect(asText(patch)).toMatch(
        /x-kubernetes-group-version-kind[^]*\{"group":"[^"]*","version":"v1","kind":"\w+"\}\n/,
      );
    }
  });

  test('tells explain in protobuf which fields there are', () => {
    const { bytes } = documents.versionTwoProtobuf();
    const version2: Document = JSON.parse(documents.versionTwo().text);
    const definitions = named(field(bytes, 9));
    const found = definitions.get('io.k8s.api.apps.v1.DeploymentSpec') ?? new Uint8Array();
    const properties = named(field(found, 25));
    expect([...properties.keys()]).toEqual(
      Object.keys(version2.definitions['io.k8s.api.apps.v1.DeploymentSpec']?.properties ?? {}),
    );
    expect(asText(field(properties.get('template') ?? new Uint8Array(), 1))).toBe(
      '#/definitions/io.k8s.api.core.v1.PodTemplateSpec',
    );
    expect(asText(field(field(properties.get('replicas') ?? new Uint8Array(), 22), 1))).toBe('integer');
    expect(
      readFields(found)
        .filter(({ number }) => number === 19)
        .map(({ value }) => asText(value)),
    ).toEqual(['selector', 'template']);
  });
});

const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The fields of a message that has none but texts and messages. */
function readFields(bytes: Uint8Array): readonly { number: number; value: Uint8Array }[] {
  const reader = protobuf.Reader.create(bytes);
  const fields = [];
  while (reader.pos < reader.len) fields.push({ number: reader.uint32() >>> 3, value: reader.bytes() });
  return fields;
}

const field = (bytes: Uint8Array, number: number): Uint8Array =>
  readFields(bytes).find((each) => each.number === number)?.value ?? new Uint8Array();

/** gnostic's Document has `paths` (8), which has `path` (2): a name (1) and an item (2) with `patch` (8). */
const paths = (document: Uint8Array) =>
  readFields(field(document, 8)).map(({ value }) => ({
    name: asText(field(value, 1)),
    patch: field(field(value, 2), 8),
  }));

/** Definitions and Properties have named schemas (1): a name (1) and a schema (2). */
const named = (bytes: Uint8Array): Map<string, Uint8Array> =>
  new Map(readFields(bytes).map(({ value }) => [asText(field(value, 1)), field(value, 2)]));
