import { invalid, required, type FieldError } from '../../field-errors.ts';
import { isEmptySelector, selectorInGo, validateLabelSelector } from '../../label-selector-validation.ts';
import { matchesLabels, type LabelSelector } from '../../selector.ts';
import type { PodTemplateSpec } from '../pod-template.ts';
import { validateReplicatedTemplate } from './pod-template.ts';

const path = 'spec.selector';

export interface SelectedTemplate {
  /** Missing when nobody gave one. */
  readonly selector: LabelSelector | undefined;
  readonly template: PodTemplateSpec;
}

/** Everything wrong with the selector and the template of a Deployment or ReplicaSet, and between them. */
export function validateSelectedTemplate({ selector, template }: SelectedTemplate): readonly FieldError[] {
  const place = { template, path: 'spec.template', owner: 'ReplicaSet' };
  if (selector === undefined) return [required(path), ...validateReplicatedTemplate({ ...place, selected: false })];
  const problems = validateLabelSelector(selector, path);
  return [
    ...problems,
    ...(isEmptySelector(selector)
      ? [invalid(path, selectorInGo(selector), 'empty selector is invalid for deployment')]
      : []),
    ...(problems.length > 0
      ? [invalid(path, selectorInGo(selector), 'invalid label selector')]
      : validateReplicatedTemplate({ ...place, selected: matchesLabels(selector, template.metadata?.labels) })),
  ];
}
