import { at, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { checked, optionalText, requiredText } from '../../field-rules.ts';
import { configMapKeyProblems, subdomainProblems } from '../../names.ts';
import type { EnvFromSource, EnvVar, EnvVarSource } from '../environment.ts';
import { fieldsForVariables, validateFieldRef, validateResourceFieldRef } from './field-reference.ts';

const nameProblems = (name: string): readonly string[] =>
  /^[ -<>-~]+$/.test(name)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

/** Everything wrong with the variables of a container. */
export const validateEnvironment = (variables: readonly EnvVar[], path: string): readonly FieldError[] =>
  variables.flatMap((variable, index) => [
    ...requiredText(under(at(path, index), 'name'), variable.name, nameProblems),
    ...validateValueFrom(variable, under(at(path, index), 'valueFrom')),
  ]);

function validateValueFrom({ value, valueFrom }: EnvVar, path: string): readonly FieldError[] {
  if (valueFrom === undefined) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  return [
    ...(fieldRef === undefined ? [] : validateFieldRef(fieldRef, under(path, 'fieldRef'), fieldsForVariables)),
    ...(resourceFieldRef === undefined
      ? []
      : validateResourceFieldRef(resourceFieldRef, under(path, 'resourceFieldRef'), 'variable')),
    ...validateKey(configMapKeyRef, under(path, 'configMapKeyRef')),
    ...validateKey(secretKeyRef, under(path, 'secretKeyRef')),
    ...validateCount({ valueFrom, value }, path),
  ];
}

function validateCount(
  { valueFrom, value }: { readonly valueFrom: EnvVarSource; readonly value: string | undefined },
  path: string,
): readonly FieldError[] {
  const count = Object.values(valueFrom).filter((source) => source !== undefined).length;
  if (count === 0) {
    const names = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
    return [invalid(path, '', names)];
  }
  if (value) return [invalid(path, '', 'may not be specified when `value` is not empty')];
  return count > 1 ? [invalid(path, '', 'may not have more than one field specified at a time')] : [];
}

type KeyReference = EnvVarSource['configMapKeyRef'];

const validateKey = (reference: KeyReference, path: string): readonly FieldError[] =>
  reference === undefined
    ? []
    : [
        ...checked(under(path, 'name'), reference.name ?? '', subdomainProblems),
        ...requiredText(under(path, 'key'), reference.key, configMapKeyProblems),
      ];

/** Everything wrong with the ConfigMaps and Secrets that a container takes variables from. */
export const validateEnvironmentSources = (sources: readonly EnvFromSource[], path: string): readonly FieldError[] =>
  sources.flatMap((source, index) => [
    ...optionalText(under(at(path, index), 'prefix'), source.prefix, nameProblems),
    ...validateSource(source, { path: at(path, index), listPath: path }),
  ]);

function validateSource(
  { configMapRef, secretRef }: EnvFromSource,
  { path, listPath }: { readonly path: string; readonly listPath: string },
): readonly FieldError[] {
  const names = { configMapRef, secretRef };
  const given = Object.entries(names).flatMap(([field, source]) => (source === undefined ? [] : [{ field, source }]));
  return [
    ...given.flatMap(({ field, source }) =>
      source.name
        ? checked(under(under(path, field), 'name'), source.name, subdomainProblems)
        : [required(under(under(path, field), 'name'))],
    ),
    ...(given.length === 0 ? [invalid(listPath, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
    ...(given.length > 1 ? [invalid(listPath, '', 'may not have more than one field specified at a time')] : []),
  ];
}
