import { at, under } from '../../field-errors.ts';
import type { Affinity, NodeSelectorTerm } from '../affinity.ts';
import type { PodSpec } from '../pod-spec.ts';

const deprecatedLabels: Readonly<Record<string, string | undefined>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

const hard = 'requiredDuringSchedulingIgnoredDuringExecution';
const soft = 'preferredDuringSchedulingIgnoredDuringExecution';
const selectsNothing = 'a null labelSelector results in matching no pod';

/** Warnings about labels of nodes that have new names, and about selectors that select nothing. */
export const placementWarnings = (spec: PodSpec, path: string): readonly string[] => [
  ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
    const text = deprecatedLabels[key];
    return text === undefined ? [] : [`${at(under(path, 'nodeSelector'), key)}: ${text}`];
  }),
  ...nodeAffinityWarnings(spec.affinity?.nodeAffinity, under(path, 'affinity.nodeAffinity')),
  ...(spec.topologySpreadConstraints ?? []).flatMap((constraint, index) => {
    const place = at(under(path, 'topologySpreadConstraints'), index);
    return [
      ...labelWarnings(constraint.topologyKey, under(place, 'topologyKey')),
      ...(constraint.labelSelector === undefined ? [`${under(place, 'labelSelector')}: ${selectsNothing}`] : []),
    ];
  }),
  ...podAffinityWarnings(spec.affinity?.podAffinity, under(path, 'affinity.podAffinity')),
  ...podAffinityWarnings(spec.affinity?.podAntiAffinity, under(path, 'affinity.podAntiAffinity')),
];

function labelWarnings(label: string, path: string): readonly string[] {
  const text = deprecatedLabels[label];
  return text === undefined ? [] : [`${path}: ${label} is ${text}`];
}

const nodeAffinityWarnings = (affinity: Affinity['nodeAffinity'], path: string): readonly string[] => [
  ...(affinity?.[hard]?.nodeSelectorTerms ?? []).flatMap((term, index) =>
    termWarnings(term, at(under(under(path, hard), 'nodeSelectorTerms'), index)),
  ),
  ...(affinity?.[soft] ?? []).flatMap((each, index) =>
    termWarnings(each.preference, under(at(under(path, soft), index), 'preference')),
  ),
];

const termWarnings = ({ matchExpressions = [] }: NodeSelectorTerm, path: string): readonly string[] =>
  matchExpressions.flatMap(({ key }, index) =>
    labelWarnings(key, under(at(under(path, 'matchExpressions'), index), 'key')),
  );

const podAffinityWarnings = (affinity: Affinity['podAffinity'], path: string): readonly string[] => {
  const terms = [
    ...(affinity?.[hard] ?? []).map((term, index) => ({ term, path: at(under(path, hard), index) })),
    ...(affinity?.[soft] ?? []).map((each, index) => ({
      term: each.podAffinityTerm,
      path: under(at(under(path, soft), index), 'podAffinityTerm'),
    })),
  ];
  return terms
    .filter(({ term }) => term.labelSelector === undefined)
    .map((each) => `${under(each.path, 'labelSelector')}: ${selectsNothing}`);
};
