import {
  at,
  duplicate,
  forbidden,
  invalid,
  notSupported,
  required,
  under,
  type FieldError,
} from '../../field-errors.ts';
import { checked, oneOf, repetitions } from '../../field-rules.ts';
import { validateLabelSelector } from '../../label-selector-validation.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../label.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { Toleration, TopologySpreadConstraint } from '../scheduling.ts';

/** Everything wrong with the taints that a pod tolerates. */
export const validateTolerations = (tolerations: readonly Toleration[], path: string): readonly FieldError[] =>
  tolerations.flatMap((toleration, index) => validateToleration(toleration, at(path, index)));

function validateToleration(toleration: Toleration, path: string): readonly FieldError[] {
  const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
  const operatorPath = under(path, 'operator');
  const all = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
  const seconds = "effect must be 'NoExecute' when `tolerationSeconds` is set";
  return [
    ...(key === '' ? [] : checked(under(path, 'key'), key, qualifiedNameProblems)),
    ...(key === '' && operator !== 'Exists' ? [invalid(operatorPath, operator, all)] : []),
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
      ? [invalid(under(path, 'effect'), effect, seconds)]
      : []),
    ...validateTolerationValue(toleration, operatorPath),
    ...oneOf(under(path, 'effect'), effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
  ];
}

function validateTolerationValue({ operator = '', value = '' }: Toleration, path: string): readonly FieldError[] {
  if (operator === 'Exists') {
    return value === '' ? [] : [invalid(path, value, "value must be empty when `operator` is 'Exists'")];
  }
  if (operator !== '' && operator !== 'Equal') return [notSupported(path, operator, ['Equal', 'Exists'])];
  const problems = labelValueProblems(value);
  return problems.length === 0 ? [] : [invalid(path, value, problems.join(';'))];
}

/** Everything wrong with how a pod's copies are to be spread. Of two constraints that are one, the first is told. */
export function validateSpread(constraints: readonly TopologySpreadConstraint[], path: string): readonly FieldError[] {
  const shown = constraints.map((each) => `{${each.topologyKey}, ${each.whenUnsatisfiable}}`);
  const last = shown.length - 1;
  const again = repetitions(shown.toReversed());
  return constraints.flatMap((constraint, index) => [
    ...validateConstraint(constraint, at(path, index)),
    ...(again.has(last - index)
      ? [duplicate(under(at(path, index), '{topologyKey, whenUnsatisfiable}'), shown[index])]
      : []),
  ]);
}

const inclusion = ['Honor', 'Ignore'];

function validateConstraint(constraint: TopologySpreadConstraint, path: string): readonly FieldError[] {
  const { maxSkew, topologyKey, whenUnsatisfiable } = constraint;
  return [
    ...(maxSkew > 0 ? [] : [invalid(under(path, 'maxSkew'), maxSkew, 'must be greater than zero')]),
    ...(topologyKey === '' ? [required(under(path, 'topologyKey'), 'can not be empty')] : []),
    ...(['DoNotSchedule', 'ScheduleAnyway'].includes(whenUnsatisfiable)
      ? []
      : [notSupported(under(path, 'whenUnsatisfiable'), whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway'])]),
    ...validateMinimum(constraint, under(path, 'minDomains')),
    ...oneOf(under(path, 'nodeAffinityPolicy'), constraint.nodeAffinityPolicy, inclusion),
    ...oneOf(under(path, 'nodeTaintsPolicy'), constraint.nodeTaintsPolicy, inclusion),
    ...validateLabelKeys(constraint, under(path, 'matchLabelKeys')),
    ...validateLabelSelector(constraint.labelSelector, under(path, 'labelSelector')),
  ];
}

function validateMinimum(
  { minDomains, whenUnsatisfiable }: TopologySpreadConstraint,
  path: string,
): readonly FieldError[] {
  if (minDomains === undefined) return [];
  const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
  return [
    ...(minDomains > 0 ? [] : [invalid(path, minDomains, 'must be greater than zero')]),
    ...(whenUnsatisfiable === 'DoNotSchedule' ? [] : [invalid(path, minDomains, detail)]),
  ];
}

function validateLabelKeys(constraint: TopologySpreadConstraint, path: string): readonly FieldError[] {
  const { matchLabelKeys: keys = [], labelSelector } = constraint;
  if (keys.length === 0) return [];
  const selected = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map((each) => each.key),
  ]);
  return [
    ...(labelSelector === undefined ? [forbidden(path, 'must not be specified when labelSelector is not set')] : []),
    ...keys.flatMap((key, index) => [
      ...checked(at(path, index), key, qualifiedNameProblems),
      ...(selected.has(key) ? [invalid(at(path, index), key, 'exists in both matchLabelKeys and labelSelector')] : []),
    ]),
  ];
}

/** Everything wrong with what a pod waits for before it is placed, and before it counts as ready. */
export function validateGates(spec: PodSpec, path: string): readonly FieldError[] {
  const gates = spec.schedulingGates ?? [];
  const again = repetitions(gates.map((gate) => gate.name));
  return [
    ...(spec.readinessGates ?? []).flatMap(({ conditionType }, index) =>
      checked(under(at(under(path, 'readinessGates'), index), 'conditionType'), conditionType, qualifiedNameProblems),
    ),
    ...gates.flatMap(({ name }, index) => [
      ...checked(at(under(path, 'schedulingGates'), index), name, qualifiedNameProblems),
      ...(again.has(index) ? [duplicate(at(under(path, 'schedulingGates'), index), name)] : []),
    ]),
  ];
}
