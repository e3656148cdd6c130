import { z } from 'zod';
import { decodeBase64, decodedLength, encodeBase64 } from '../../base64.ts';
import { at, forbidden, invalid, required, tooLong, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { equalJson } from '../../json-value.ts';
import { defineKind } from '../../kind.ts';
import { configMapKeyProblems, subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { once } from '../../once.ts';
import { bytesMap, stringMap, struct } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const schema = once(() =>
  struct('io.k8s.api.core.v1.Secret', {
    kind: z.literal('Secret'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    immutable: z.boolean().optional(),
    data: bytesMap().optional(),
    stringData: stringMap().optional(),
    type: z.string().optional(),
  }),
);

export type Secret = z.infer<ReturnType<typeof schema>>;

const maximumBytes = 1024 * 1024;
const serviceAccountName = 'kubernetes.io/service-account.name';

/** `stringData` is for writing only: its texts go into `data` and win over what is there. */
function defaults(object: Secret): void {
  object.type ||= 'Opaque';
  const { stringData } = object;
  delete object.stringData;
  if (stringData === undefined) return;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, encodeBase64(text)] as const);
  object.data = { ...object.data, ...Object.fromEntries(encoded) };
}

function validate(object: Secret): FieldError[] {
  const data = object.data ?? {};
  const bytes = Object.values(data).reduce((total, each) => total + decodedLength(each), 0);
  return [
    ...Object.keys(data).flatMap((key) => checked(at('data', key), key, configMapKeyProblems)),
    ...(bytes > maximumBytes ? [tooLong('data', maximumBytes)] : []),
    ...validateType(object, data),
  ];
}

type Data = Readonly<Record<string, string>>;

/** What each type of Secret must hold. */
function validateType(object: Secret, data: Data): readonly FieldError[] {
  switch (object.type) {
    case 'kubernetes.io/service-account-token':
      return object.metadata.annotations?.[serviceAccountName]
        ? []
        : [required(at('metadata.annotations', serviceAccountName))];
    case 'kubernetes.io/dockercfg':
      return validateJson(data, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return validateJson(data, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth':
      return Object.hasOwn(data, 'username') || Object.hasOwn(data, 'password')
        ? []
        : requireKeys(data, ['username', 'password']);
    case 'kubernetes.io/ssh-auth':
      return data['ssh-privatekey'] ? [] : [required(at('data', 'ssh-privatekey'))];
    case 'kubernetes.io/tls':
      return requireKeys(data, ['tls.crt', 'tls.key']);
    default:
      return [];
  }
}

const requireKeys = (data: Data, keys: readonly string[]): readonly FieldError[] =>
  keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(at('data', key)));

function validateJson(data: Data, key: string): readonly FieldError[] {
  const encoded = data[key];
  if (encoded === undefined) return [required(at('data', key))];
  const problem = jsonObjectProblem(decodeBase64(encoded));
  return problem === undefined ? [] : [invalid(at('data', key), '<secret contents redacted>', problem)];
}

/** Why a text is no JSON object. Go tells the place and the character; to tell nothing of a secret is safer. */
function jsonObjectProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value) ? undefined : 'must be a JSON object';
  } catch {
    return text === '' ? 'unexpected end of JSON input' : 'must be valid JSON';
  }
}

function validateUpdate(object: Secret, previous: Secret): FieldError[] {
  const changed = !equalJson(object.data ?? {}, previous.data ?? {});
  const fields = [...(object.immutable === true ? [] : ['immutable']), ...(changed ? ['data'] : [])];
  return [
    ...(object.type === previous.type ? [] : [invalid('type', object.type, 'field is immutable')]),
    ...(previous.immutable === true ? fields : []).map((field) =>
      forbidden(field, 'field is immutable when `immutable` is set'),
    ),
  ];
}

export const secret = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  defaults,
  validate,
  validateUpdate,
  columns: [
    nameColumn,
    { name: 'Type', cell: ({ type = '' }) => type },
    { name: 'Data', cell: ({ data = {} }) => Object.keys(data).length },
    ageColumn,
  ],
  selectableFields: [{ path: 'type', value: ({ type = '' }) => type }],
});
