import type { ConfigMap } from '../kubernetes/kinds/core/config-map.ts';
import type { Secret } from '../kubernetes/kinds/core/secret.ts';
import type { PodTemplateSpec } from '../kubernetes/kinds/core/pod.ts';
import { fieldValue } from './field-reference.ts';
import type { EnvironmentPlan, Finding, Owner } from './plan.ts';
import type { Container, EnvVar, PlacedContainer } from './pod-parts.ts';
import { resourceValue } from './resource-field.ts';
import type { Size } from './task-size.ts';
import { Variables } from './variables.ts';

/** What a container's environment is read from. */
export interface EnvironmentSource {
  readonly owner: Owner;
  readonly template: PodTemplateSpec;
  /** Size of the whole task: what a container without limits may use. */
  readonly taskSize: Size;
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

export interface Environment {
  /** All variables, for `$(NAME)` in command and args. */
  readonly values: ReadonlyMap<string, string>;
  readonly variables: EnvironmentPlan[];
  /** Those that are made of Secrets, which are not among `variables`. */
  readonly hidden: EnvironmentPlan[];
  /** Uids of those Secrets. */
  readonly madeOf: readonly string[];
  /** Whether a text has something of a Secret in it once `$(NAME)` is expanded. */
  tells(text: string): boolean;
  readonly warnings: readonly Finding[];
  readonly refused: readonly Finding[];
}

/** A name that a kubelet takes (validation.IsEnvVarName). */
const isVariableName = (name: string): boolean => /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name) && !name.startsWith('..');

/** `data` of a Secret is base64 of UTF-8. */
const decodeBase64 = (text: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));

/** One value, nothing (an optional source that is missing), or why the container cannot be made. */
type Resolved =
  | { readonly value: string; readonly madeOf?: readonly string[] }
  | { readonly unset: true; readonly warning?: string }
  | { readonly refused: string; readonly waitsFor?: NonNullable<Finding['waitsFor']> };

type SourceKind = NonNullable<Finding['waitsFor']>['kind'];

/** All of a ConfigMap's or Secret's data as it is kept; undefined when there is no such object. */
function dataOf(
  kind: SourceKind,
  name: string,
  source: EnvironmentSource,
): Readonly<Record<string, string>> | undefined {
  if (kind === 'ConfigMap') {
    const found = source.configMaps.get(name);
    return found === undefined ? undefined : (found.data ?? {});
  }
  return source.secrets.get(name)?.data ?? (source.secrets.has(name) ? {} : undefined);
}

/** A value of `dataOf` as text. */
const plain = (kind: SourceKind, value: string): string => (kind === 'Secret' ? decodeBase64(value) : value);

const uidOf = (name: string, { secrets }: EnvironmentSource): string => secrets.get(name)?.metadata.uid ?? '';

/** In a kubelet's words: `configmap "x" not found`. */
const missingObject = (kind: SourceKind, name: string): Resolved => ({
  refused: `${kind.toLowerCase()} "${name}" not found`,
  waitsFor: { kind, name },
});

/**
 * Resolves a container's variables as a kubelet does (makeEnvironmentVariables): `envFrom` first, then `env` in order, each
 * seeing those before it. What Kubernetes reports as CreateContainerConfigError is refused, with the object it waits for.
 */
export function translateEnvironment(placed: PlacedContainer, source: EnvironmentSource): Environment {
  const variables = new Variables();
  const warnings: Finding[] = [];
  const refused: Finding[] = [];
  const { container, path } = placed;
  (container.envFrom ?? []).forEach((entry, index) => {
    if (variables.areTooMany) return;
    const at = `${path}.envFrom[${index}]`;
    for (const part of [
      { kind: 'ConfigMap', reference: entry.configMapRef, field: 'configMapRef' },
      { kind: 'Secret', reference: entry.secretRef, field: 'secretRef' },
    ] as const) {
      if (part.reference === undefined) continue;
      const name = part.reference.name ?? '';
      const data = dataOf(part.kind, name, source);
      if (data === undefined) {
        if (part.reference.optional !== true)
          refused.push(finding(`${at}.${part.field}`, missingObject(part.kind, name)));
        continue;
      }
      const skipped = addAll(variables, data, {
        kind: part.kind,
        prefix: entry.prefix ?? '',
        madeOf: part.kind === 'Secret' ? [uidOf(name, source)] : [],
      });
      if (skipped.length > 0) {
        const message = `keys that are no names of variables are left out: ${skipped.join(', ')}`;
        warnings.push({ path: `${at}.${part.field}`, message });
      }
    }
  });
  (container.env ?? []).forEach((variable, index) => {
    if (variables.areTooMany) return;
    const at = `${path}.env[${index}]`;
    if (variable.valueFrom === undefined) return variables.setExpanded(variable.name, variable.value ?? '');
    const resolved = resolve(variable.valueFrom, { container, source });
    if ('value' in resolved) variables.set(variable.name, resolved.value, resolved.madeOf);
    else if ('refused' in resolved) refused.push(finding(`${at}.valueFrom`, resolved));
    else if (resolved.warning !== undefined) warnings.push({ path: `${at}.valueFrom`, message: resolved.warning });
  });
  if (variables.areTooMany) refused.push({ path: `${path}.env`, message: 'the variables are too long' });
  const plans = [...variables.values].map(([name, value]) => ({ name, value }));
  return {
    values: variables.values,
    variables: plans.filter(({ name }) => !variables.isHidden(name)),
    hidden: plans.filter(({ name }) => variables.isHidden(name)),
    madeOf: variables.madeOf,
    tells: (text) => variables.tells(text),
    warnings,
    refused,
  };
}

function finding(path: string, resolved: Resolved): Finding {
  if (!('refused' in resolved)) return { path, message: '' };
  const { refused: message, waitsFor } = resolved;
  return waitsFor === undefined ? { path, message } : { path, message, waitsFor };
}

/** Adds the keys that may name variables, sorted; answers the others. */
function addAll(
  variables: Variables,
  data: Readonly<Record<string, string>>,
  { kind, prefix, madeOf }: { readonly kind: SourceKind; readonly prefix: string; readonly madeOf: readonly string[] },
): readonly string[] {
  const skipped: string[] = [];
  for (const key of Object.keys(data).toSorted()) {
    const name = prefix + key;
    const value = data[key] ?? '';
    if (variables.areTooMany) break;
    if (isVariableName(name)) variables.set(name, plain(kind, value), madeOf);
    else {
      variables.passOver(name, value);
      skipped.push(name);
    }
  }
  return skipped;
}

interface ResolveContext {
  readonly container: Container;
  readonly source: EnvironmentSource;
}

function resolve(from: NonNullable<EnvVar['valueFrom']>, { container, source }: ResolveContext): Resolved {
  if (from.configMapKeyRef !== undefined) return keyValue('ConfigMap', from.configMapKeyRef, source);
  if (from.secretKeyRef !== undefined) return keyValue('Secret', from.secretKeyRef, source);
  if (from.fieldRef !== undefined) return fieldValue(from.fieldRef.fieldPath, source);
  if (from.resourceFieldRef !== undefined) return resourceValue(from.resourceFieldRef, { container, source });
  return { value: '' };
}

interface KeyReference {
  readonly name?: string | undefined;
  readonly key: string;
  readonly optional?: boolean | undefined;
}

function keyValue(kind: SourceKind, reference: KeyReference, source: EnvironmentSource): Resolved {
  const { name = '', key, optional = false } = reference;
  const data = dataOf(kind, name, source);
  const kept = data !== undefined && Object.hasOwn(data, key) ? data[key] : undefined;
  if (kept !== undefined) {
    const value = plain(kind, kept);
    return kind === 'Secret' ? { value, madeOf: [uidOf(name, source)] } : { value };
  }
  if (optional) return { unset: true };
  if (data === undefined) return missingObject(kind, name);
  return {
    refused: `couldn't find key ${key} in ${kind} ${source.owner.namespace}/${name}`,
    waitsFor: { kind, name },
  };
}
