import { at, forbidden, invalid, under, type FieldError } from '../../field-errors.ts';
import { cloneJson, equalJson, isJsonObject } from '../../json-value.ts';
import { cut } from '../../shown-value.ts';
import type { Container } from '../container.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { Toleration } from '../scheduling.ts';

const changeable =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

/** What may not change in the spec of a Pod: nearly all, since it says what is running. */
export function validatePodSpecUpdate(spec: PodSpec, previous: PodSpec): readonly FieldError[] {
  const counts = [
    ...sameCount(spec.containers, previous.containers, 'spec.containers'),
    ...sameCount(spec.initContainers ?? [], previous.initContainers ?? [], 'spec.initContainers'),
  ];
  if (counts.length > 0) return counts;
  const compared = withAllowedChanges(spec, previous);
  return [
    ...validateDeadline(spec.activeDeadlineSeconds, previous.activeDeadlineSeconds),
    ...onlyAddedTolerations(spec.tolerations ?? [], previous.tolerations ?? []),
    ...onlyRemovedGates(spec, previous),
    ...(equalJson(compared, previous)
      ? []
      : [forbidden('spec', `${changeable}\n${differences(previous, compared, 'spec').join('\n')}`)]),
  ];
}

const sameCount = (now: readonly Container[], before: readonly Container[], path: string): readonly FieldError[] =>
  now.length === before.length ? [] : [forbidden(path, 'pod updates may not add or remove containers')];

/** The new spec, with all that is allowed to change as it was. */
function withAllowedChanges(spec: PodSpec, previous: PodSpec): PodSpec {
  const compared = cloneJson(spec);
  compared.containers.forEach((container, index) => keepImage(container, previous.containers[index]));
  compared.initContainers?.forEach((container, index) => keepImage(container, previous.initContainers?.[index]));
  compared.activeDeadlineSeconds = previous.activeDeadlineSeconds;
  compared.tolerations = previous.tolerations;
  compared.schedulingGates = previous.schedulingGates;
  const graceBefore = previous.terminationGracePeriodSeconds;
  if (graceBefore !== undefined && graceBefore < 0 && spec.terminationGracePeriodSeconds === 1) {
    compared.terminationGracePeriodSeconds = graceBefore;
  }
  if (previous.schedulingGates?.length) {
    compared.nodeSelector = previous.nodeSelector;
    compared.affinity = previous.affinity;
  }
  return compared;
}

function keepImage(container: Container, previous: Container | undefined): void {
  container.image = previous?.image;
}

function validateDeadline(now: number | undefined, before: number | undefined): readonly FieldError[] {
  const path = 'spec.activeDeadlineSeconds';
  if (before === undefined) return [];
  if (now === undefined) return [invalid(path, null, 'must not update from a positive integer to nil value')];
  return now > before ? [invalid(path, now, 'must be less than or equal to previous value')] : [];
}

function onlyAddedTolerations(now: readonly Toleration[], before: readonly Toleration[]): readonly FieldError[] {
  const kept = new Set(now.map(identity));
  const detail = 'existing toleration can not be modified except its tolerationSeconds';
  return before.every((old) => kept.has(identity(old))) ? [] : [forbidden('spec.tolerations', detail)];
}

const identity = ({ key = '', operator = '', value = '', effect = '' }: Toleration): string =>
  JSON.stringify([key, operator, value, effect]);

function onlyRemovedGates(spec: PodSpec, previous: PodSpec): readonly FieldError[] {
  const before = new Set((previous.schedulingGates ?? []).map((gate) => gate.name));
  return (spec.schedulingGates ?? []).flatMap(({ name }, index) =>
    before.has(name)
      ? []
      : [
          forbidden(
            under(at('spec.schedulingGates', index), 'name'),
            `only deletion is allowed, but found new scheduling gate '${cut(name)}'`,
          ),
        ],
  );
}

const maximumDifferences = 20;

/** Lines that show what changed, `-` as it was and `+` as it would be. A kube-apiserver prints Go structures instead. */
function differences(before: unknown, now: unknown, path: string): readonly string[] {
  if (equalJson(before, now)) return [];
  if (Array.isArray(before) && Array.isArray(now) && before.length === now.length) {
    return before.flatMap((each, index) => differences(each, now[index], at(path, index))).slice(0, maximumDifferences);
  }
  if (isJsonObject(before) && isJsonObject(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(before[key], now[key], under(path, key))).slice(0, maximumDifferences);
  }
  return [
    ...(before === undefined ? [] : [`- ${path}: ${cut(JSON.stringify(before))}`]),
    ...(now === undefined ? [] : [`+ ${path}: ${cut(JSON.stringify(now))}`]),
  ];
}

/** What a Pod's containers may not be, beside what a template's may not: their images are pulled as they stand. */
export const validateImages = (containers: readonly Container[] = [], path: string): readonly FieldError[] =>
  containers.flatMap(({ image = '' }, index) =>
    image === image.trim()
      ? []
      : [invalid(under(at(path, index), 'image'), image, 'must not have leading or trailing whitespace')],
  );
