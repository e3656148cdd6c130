import { z } from 'zod';
import { decodedLength } from '../../base64.ts';
import { at, forbidden, invalid, tooLong, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { equalJson } from '../../json-value.ts';
import { defineKind } from '../../kind.ts';
import { configMapKeyProblems, subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { byteLength } from '../../object-meta-validation.ts';
import { once } from '../../once.ts';
import { bytesMap, stringMap, struct } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const schema = once(() =>
  struct('io.k8s.api.core.v1.ConfigMap', {
    kind: z.literal('ConfigMap'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    immutable: z.boolean().optional(),
    data: stringMap().optional(),
    binaryData: bytesMap().optional(),
  }),
);

export type ConfigMap = z.infer<ReturnType<typeof schema>>;

const maximumBytes = 1024 * 1024;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function validate({ data = {}, binaryData = {} }: ConfigMap): FieldError[] {
  const bytes = byteLength(Object.values(data).join('')) + sum(Object.values(binaryData).map(decodedLength));
  return [
    ...Object.keys(data).flatMap((key) => [
      ...checked(at('data', key), key, configMapKeyProblems),
      ...(Object.hasOwn(binaryData, key)
        ? [invalid(at('data', key), key, 'duplicate of key present in binaryData')]
        : []),
    ]),
    ...Object.keys(binaryData).flatMap((key) => checked(at('binaryData', key), key, configMapKeyProblems)),
    // A kube-apiserver writes the path of the whole object so.
    ...(bytes > maximumBytes ? [tooLong('[]', maximumBytes)] : []),
  ];
}

function validateUpdate(object: ConfigMap, previous: ConfigMap): FieldError[] {
  if (previous.immutable !== true) return [];
  const changed = (['data', 'binaryData'] as const).filter(
    (field) => !equalJson(object[field] ?? {}, previous[field] ?? {}),
  );
  return [...(object.immutable === true ? [] : ['immutable']), ...changed].map((field) =>
    forbidden(field, 'field is immutable when `immutable` is set'),
  );
}

export const configMap = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  validate,
  validateUpdate,
  columns: [
    nameColumn,
    { name: 'Data', cell: ({ data, binaryData }) => Object.keys({ ...data, ...binaryData }).length },
    ageColumn,
  ],
});
