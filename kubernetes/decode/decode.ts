import { apiVersionOf, type Kind, type KindNames } from '../kind.ts';
import type { KubernetesObject } from '../object.ts';
import { schemaNode } from '../schema-node.ts';
import { cut, quoted } from '../shown-value.ts';
import { badRequest } from '../status-error.ts';
import type { ParsedBody } from './body.ts';
import { conform } from './conform.ts';
import { jsonType } from './go-json.ts';

/** What becomes of unknown and duplicate fields: refused, told as warnings and dropped, or dropped. */
export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

/**
 * Makes an object of a kind from a parsed body: unknown fields dropped, nulls as if absent, missing required fields at
 * Go's zero values (validation then speaks of them), `kind` and `apiVersion` filled in. The body is left as it is.
 * Throws BadRequest with Go's texts for wrong types and, in mode Strict, for unknown and duplicate fields.
 */
export function decode<T extends KubernetesObject>(
  kind: Kind<T>,
  body: ParsedBody,
  validation: FieldValidation,
): { readonly object: T; readonly warnings: readonly string[] } {
  const { value } = body;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notAnObject(kind, value);
  const given = typeOf(kind, value);
  const {
    value: object,
    problem,
    unknown,
  } = conform(schemaNode(kind.schema()), {
    ...value,
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
  });
  if (problem !== undefined) throw unfit(kind, given, problem);
  const complaints = [
    ...body.duplicates.map((path) => `duplicate field ${quoted(path)}`),
    ...unknown.map((path) => `unknown field ${quoted(path)}`),
  ];
  if (validation === 'Strict' && complaints.length > 0)
    throw unfit(kind, given, `strict decoding error: ${complaints.join(', ')}`);
  // The walk by the kind's own schema has made it one.
  return { object: object as T, warnings: validation === 'Warn' ? complaints : [] };
}

interface GivenType {
  readonly kind: string;
  readonly apiVersion: string;
}

/** What the body says that it is, which has to be the kind or nothing. */
function typeOf(names: KindNames, value: object): GivenType {
  const given = { kind: textOf(names, value, 'kind'), apiVersion: textOf(names, value, 'apiVersion') };
  const kind = given.kind === '' ? names.kind : given.kind;
  const apiVersion = given.apiVersion === '' ? apiVersionOf(names) : given.apiVersion;
  if (kind !== names.kind) {
    const from = `${cut(versionOf(apiVersion))}.${cut(kind)}`;
    const to = `${names.group === '' ? 'core' : names.group.split('.')[0]}.${names.kind}`;
    throw unfit(names, { kind, apiVersion }, `converting (${from}) to (${to}): unknown conversion`);
  }
  if (apiVersion !== apiVersionOf(names))
    throw badRequest(
      `the API version in the data (${cut(apiVersion)}) does not match the expected API version (${apiVersionOf(names)})`,
    );
  return { kind, apiVersion };
}

function textOf(names: KindNames, value: object, field: 'kind' | 'apiVersion'): string {
  const text: unknown = Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined;
  if (text === undefined || text === null) return '';
  if (typeof text === 'string') return text;
  throw unrecognised(names, `json: cannot unmarshal ${jsonType(text)} into Go struct field .${field} of type string`);
}

const versionOf = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

const unfit = (names: KindNames, given: GivenType, problem: string) =>
  badRequest(
    `${cut(given.kind)} in version ${quoted(versionOf(given.apiVersion))} cannot be handled as a ${names.kind}: ${problem}`,
  );

const unrecognised = (names: KindNames, problem: string) =>
  badRequest(
    `the object provided is unrecognized (must be of type ${names.kind}): couldn't get version/kind; json parse error: ${problem}`,
  );

const notAnObject = (names: KindNames, value: unknown) =>
  value === null || value === undefined
    ? badRequest(
        `the object provided is unrecognized (must be of type ${names.kind}): Object 'Kind' is missing in 'null'`,
      )
    : unrecognised(names, `json: cannot unmarshal ${jsonType(value)} into Go value of type v1.${names.kind}`);
