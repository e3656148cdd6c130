import { describe, expect, test } from 'vitest';
import { servedKinds } from '../../../functions/api/served-kinds.ts';
import { areas } from '../../../kubernetes/openapi/description.ts';
import { openapiDocuments } from '../../../kubernetes/openapi/documents.ts';
import { supportEntries } from '../../../translate/support.ts';

interface Schema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly $ref?: string;
}

const documents = openapiDocuments(servedKinds);
const definitions: Readonly<Record<string, Schema>> = JSON.parse(documents.versionTwo().text).definitions;
const entries = areas.flatMap((area) => Object.entries(area));
const sentences = entries.flatMap(([id, fields]) =>
  Object.entries(fields).map(([field, sentence]) => ({ id, field, sentence })),
);

/** Lists are put together by hand: their fields are described with them. */
const isList = (schema: Schema): boolean =>
  schema.properties?.['items'] !== undefined && 'metadata' in schema.properties;

const typeOf = ({ $ref, items, additionalProperties }: Schema): Schema | undefined => {
  const reference = $ref ?? items?.$ref ?? additionalProperties?.$ref;
  return reference === undefined ? undefined : definitions[reference.slice('#/definitions/'.length)];
};

/** What is said on the way from the pod spec to a field of it: of each field and of its type. */
function saidOf(path: string): string {
  let schema = definitions['io.k8s.api.core.v1.PodSpec'];
  return path
    .split('.')
    .flatMap((segment) => {
      const field = schema?.properties?.[segment.replace('[]', '')];
      schema = field && typeOf(field);
      return [field?.description, schema?.description];
    })
    .join(' ');
}

describe('descriptions', () => {
  test('name only types and fields that there are', () => {
    const unknown = sentences.filter(
      ({ id, field }) =>
        !Object.hasOwn(definitions, id) || (field !== '' && !Object.hasOwn(definitions[id]?.properties ?? {}, field)),
    );
    expect(unknown).toEqual([]);
  });

  test('describe each type in one place', () => {
    const ids = entries.map(([id]) => id);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  });

  test('are sentences of at most 220 characters', () => {
    const wrong = sentences.filter(({ sentence }) => sentence.length > 220 || !/^\S.*[.…]$/.test(sentence));
    expect(wrong).toEqual([]);
  });

  test('are there for every type', () => {
    const silent = Object.entries(definitions).filter(([, { description = '' }]) => description === '');
    expect(silent.map(([id]) => id)).toEqual([]);
  });

  test('are there for every field', () => {
    const silent = Object.entries(definitions).flatMap(([id, schema]) =>
      Object.entries(schema.properties ?? {})
        .filter(([field, { description = '' }]) => description === '' && !(isList(schema) && field === 'metadata'))
        .map(([field]) => `${id} ${field}`),
    );
    expect(silent).toEqual([]);
  });

  test('of a field say something else than those of its type, since kubectl prints both', () => {
    const repeated = Object.entries(definitions).flatMap(([id, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, field]) => field.description !== undefined && typeOf(field)?.description === field.description)
        .map(([field]) => `${id} ${field}`),
    );
    expect(repeated).toEqual([]);
  });

  test.each([
    ['refused', /refused/i],
    ['warned', /warn/i],
  ] as const)('tell what of a pod spec is %s', (support, word) => {
    // Where several values are excepted, most of them or all are honoured.
    const fields = supportEntries().filter(
      ({ decision }) => decision.support === support && decision.unless.length < 2,
    );
    expect(fields.length).toBeGreaterThan(20);
    expect(fields.map(({ path }) => path).filter((path) => !word.test(saidOf(path)))).toEqual([]);
  });

  test.each(['api/v1', 'apis/apps/v1'])('stand beside references in version 3: %s', (path) => {
    const { schemas } = JSON.parse(documents.versionThree(path)?.text ?? '').components;
    expect(schemas['io.k8s.api.core.v1.PodTemplateSpec']).toMatchObject({
      description: definitions['io.k8s.api.core.v1.PodTemplateSpec']?.description,
      properties: {
        spec: {
          description: 'What each pod is to run.',
          allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodSpec' }],
        },
      },
    });
    expect(schemas['io.k8s.apimachinery.pkg.apis.meta.v1.Time']).toMatchObject({
      description: expect.stringContaining('RFC 3339'),
      format: 'date-time',
    });
  });
});
