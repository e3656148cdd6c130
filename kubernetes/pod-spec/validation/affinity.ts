import { at, forbidden, invalid, required, under, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { validateLabelSelector } from '../../label-selector-validation.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../label.ts';
import { labelProblems, subdomainProblems } from '../../names.ts';
import type { Affinity, NodeSelectorRequirement, NodeSelectorTerm, PodAffinityTerm } from '../affinity.ts';

const hard = 'requiredDuringSchedulingIgnoredDuringExecution';
const soft = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Everything wrong with where a pod asks to be placed. */
export const validateAffinity = (affinity: Affinity | undefined, path: string): readonly FieldError[] => [
  ...validateNodeAffinity(affinity?.nodeAffinity, under(path, 'nodeAffinity')),
  ...validatePodAffinity(affinity?.podAffinity, under(path, 'podAffinity')),
  ...validatePodAffinity(affinity?.podAntiAffinity, under(path, 'podAntiAffinity')),
];

function validateNodeAffinity(affinity: Affinity['nodeAffinity'], path: string): readonly FieldError[] {
  const terms = affinity?.[hard]?.nodeSelectorTerms;
  const termsPath = under(under(path, hard), 'nodeSelectorTerms');
  return [
    ...(terms?.length === 0 ? [required(termsPath, 'must have at least one node selector term')] : []),
    ...(terms ?? []).flatMap((term, index) => validateTerm(term, at(termsPath, index), 'required')),
    ...(affinity?.[soft] ?? []).flatMap((each, index) => [
      ...validateWeight(each.weight, at(under(path, soft), index)),
      ...validateTerm(each.preference, under(at(under(path, soft), index), 'preference'), 'preferred'),
    ]),
  ];
}

const validateWeight = (weight: number, path: string): readonly FieldError[] =>
  weight >= 1 && weight <= 100 ? [] : [invalid(under(path, 'weight'), weight, 'must be in the range 1-100')];

/** Values that no label can have are let pass where nothing is required: another term may still fit. */
const validateTerm = (
  term: NodeSelectorTerm,
  path: string,
  strength: 'required' | 'preferred',
): readonly FieldError[] => [
  ...(term.matchExpressions ?? []).flatMap((requirement, index) => {
    const place = at(under(path, 'matchExpressions'), index);
    return [
      ...validateRequirement(requirement, place),
      ...(strength === 'required' ? validateValues(requirement, under(place, 'values')) : []),
    ];
  }),
  ...(term.matchFields ?? []).flatMap((requirement, index) =>
    validateFieldRequirement(requirement, at(under(path, 'matchFields'), index)),
  ),
];

const validateRequirement = (requirement: NodeSelectorRequirement, path: string): readonly FieldError[] => [
  ...validateOperator(requirement, path),
  ...checked(under(path, 'key'), requirement.key, qualifiedNameProblems),
];

function validateOperator({ operator, values = [] }: NodeSelectorRequirement, path: string): readonly FieldError[] {
  const valuesPath = under(path, 'values');
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [required(valuesPath, "must be specified when `operator` is 'In' or 'NotIn'")];
    case 'Exists':
    case 'DoesNotExist':
      return values.length === 0
        ? []
        : [forbidden(valuesPath, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")];
    case 'Gt':
    case 'Lt':
      return values.length === 1
        ? []
        : [required(valuesPath, "must be specified single value when `operator` is 'Lt' or 'Gt'")];
    default:
      return [invalid(under(path, 'operator'), operator, 'not a valid selector operator')];
  }
}

const validateValues = ({ values = [] }: NodeSelectorRequirement, path: string): readonly FieldError[] =>
  values.flatMap((value, index) => checked(at(path, index), value, labelValueProblems));

/** Fields of a Node to select by: its name. */
function validateFieldRequirement(requirement: NodeSelectorRequirement, path: string): readonly FieldError[] {
  const { key, operator, values = [] } = requirement;
  const single = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  const known = operator === 'In' || operator === 'NotIn';
  return [
    ...(known && values.length !== 1 ? [required(under(path, 'values'), single)] : []),
    ...(known ? [] : [invalid(under(path, 'operator'), operator, 'not a valid selector operator')]),
    ...(key === 'metadata.name'
      ? values.flatMap((value, index) => checked(at(under(path, 'values'), index), value, subdomainProblems))
      : [invalid(under(path, 'key'), key, 'not a valid field selector key')]),
  ];
}

const validatePodAffinity = (affinity: Affinity['podAffinity'], path: string): readonly FieldError[] => [
  ...(affinity?.[hard] ?? []).flatMap((term, index) => validatePodTerm(term, at(under(path, hard), index))),
  ...(affinity?.[soft] ?? []).flatMap((each, index) => [
    ...validateWeight(each.weight, at(under(path, soft), index)),
    ...validatePodTerm(each.podAffinityTerm, under(at(under(path, soft), index), 'podAffinityTerm')),
  ]),
];

function validatePodTerm(term: PodAffinityTerm, path: string): readonly FieldError[] {
  const topologyPath = under(path, 'topologyKey');
  return [
    ...validateLabelSelector(term.labelSelector, under(path, 'labelSelector')),
    ...validateLabelSelector(term.namespaceSelector, under(path, 'namespaceSelector')),
    ...(term.namespaces ?? []).flatMap((name) => checked(under(path, 'namespace'), name, labelProblems)),
    ...validateLabelKeys(term, path),
    ...(term.topologyKey === '' ? [required(topologyPath, 'can not be empty')] : []),
    ...checked(topologyPath, term.topologyKey, qualifiedNameProblems),
  ];
}

function validateLabelKeys(term: PodAffinityTerm, path: string): readonly FieldError[] {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  const lists = { matchLabelKeys, mismatchLabelKeys };
  const mismatching = new Set(mismatchLabelKeys);
  const both = 'exists in both matchLabelKeys and mismatchLabelKeys';
  return [
    ...Object.entries(lists).flatMap(([field, keys]) => {
      if (keys.length === 0) return [];
      const detail = 'must not be specified when labelSelector is not set';
      if (labelSelector === undefined) return [forbidden(under(path, field), detail)];
      return keys.flatMap((key, index) => checked(at(under(path, field), index), key, qualifiedNameProblems));
    }),
    ...matchLabelKeys.flatMap((key, index) =>
      mismatching.has(key) ? [invalid(at(under(path, 'matchLabelKeys'), index), key, both)] : [],
    ),
  ];
}
