import { z } from 'zod';
import { at, invalid, type FieldError } from '../../field-errors.ts';
import { ageColumn, nameColumn } from '../../table.ts';
import { defineKind } from '../../kind.ts';
import { subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { stringMap, struct } from '../../schema.ts';

const schema = once(() =>
  struct('io.k8s.api.core.v1.ConfigMap', {
    kind: z.literal('ConfigMap'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    immutable: z.boolean().optional(),
    data: stringMap().optional(),
    binaryData: stringMap().optional(),
  }),
);

export type ConfigMap = z.infer<ReturnType<typeof schema>>;

const size = (object: ConfigMap): number =>
  Object.keys(object.data ?? {}).length + Object.keys(object.binaryData ?? {}).length;

function validate(object: ConfigMap): FieldError[] {
  return Object.keys(object.data ?? {})
    .filter((key) => key in (object.binaryData ?? {}))
    .map((key) => invalid(at('data', key), key, 'duplicate of key present in binaryData'));
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
  columns: [nameColumn, { name: 'Data', cell: size }, ageColumn],
});
