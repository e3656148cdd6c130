import type { PodTemplateSpec } from '../kubernetes/kinds/core/pod.ts';
import type { Finding } from './plan.ts';
import { placedContainers, type EnvVar } from './pod-parts.ts';
import {
  translateTaskDefinition,
  type PodSource,
  type Surroundings,
  type TranslatedTaskDefinition,
} from './task-definition.ts';

/** Stands for a value of a ConfigMap that nobody has given. */
const unknownValue = '<unknown>';

/**
 * The same as translateTaskDefinition for when only some manifests are known: a ConfigMap or Secret that is not among them
 * may well be there, and so is taken to be, with the keys that the pod asks for by name. A warning says so.
 */
export function translateAssuming(pod: PodSource, surroundings: Surroundings): TranslatedTaskDefinition {
  const first = translateTaskDefinition(pod, surroundings);
  const missing = first.refused.filter((finding) => isMissing(finding, surroundings));
  if (missing.length === 0) return first;
  const second = translateTaskDefinition(pod, withStandIns(pod.template, missing, surroundings));
  const told = missing.map(({ path, message }) => ({
    path,
    message: `${message} among the manifests: taken to exist`,
  }));
  return { ...second, warnings: [...second.warnings, ...told] };
}

const isMissing = ({ waitsFor }: Finding, { configMaps, secrets }: Surroundings): boolean =>
  waitsFor !== undefined && !(waitsFor.kind === 'Secret' ? secrets : configMaps).has(waitsFor.name);

function withStandIns(
  template: PodTemplateSpec,
  missing: readonly Finding[],
  { configMaps, secrets, ...rest }: Surroundings,
): Surroundings {
  const moreConfigMaps = new Map(configMaps);
  const moreSecrets = new Map(secrets);
  for (const { waitsFor } of missing) {
    if (waitsFor === undefined) continue;
    const { kind, name } = waitsFor;
    const value = kind === 'Secret' ? btoa(unknownValue) : unknownValue;
    const data = Object.fromEntries(keysOf(template, waitsFor).map((key) => [key, value]));
    if (kind === 'Secret') moreSecrets.set(name, { apiVersion: 'v1', kind, metadata: { name }, data });
    else moreConfigMaps.set(name, { apiVersion: 'v1', kind, metadata: { name }, data });
  }
  return { ...rest, configMaps: moreConfigMaps, secrets: moreSecrets };
}

/** The keys of an object that a pod asks for by name. */
function keysOf({ spec }: PodTemplateSpec, { kind, name }: NonNullable<Finding['waitsFor']>): string[] {
  const reference = ({ valueFrom }: EnvVar) =>
    kind === 'Secret' ? valueFrom?.secretKeyRef : valueFrom?.configMapKeyRef;
  return placedContainers(spec)
    .flatMap(({ container }) => container.env ?? [])
    .map(reference)
    .flatMap((each) => (each?.name === name ? [each.key] : []));
}
