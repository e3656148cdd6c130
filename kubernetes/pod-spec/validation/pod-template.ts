import { forbidden, invalid, notSupported, under, type FieldError } from '../../field-errors.ts';
import { stringMapInGo } from '../../label-selector-validation.ts';
import { validateAnnotations, validateLabels } from '../../object-meta-validation.ts';
import type { PodTemplateSpec } from '../pod-template.ts';
import { validatePodSpec } from './pod-spec.ts';

/** Everything wrong with a template of pods. */
export function validatePodTemplate(template: PodTemplateSpec, path: string): readonly FieldError[] {
  const { metadata, spec } = template;
  return [
    ...validateLabels(metadata?.labels, under(path, 'labels')),
    ...validateAnnotations(metadata?.annotations, under(path, 'annotations')),
    ...validatePodSpec(spec, { path: under(path, 'spec'), podName: '' }),
    ...(spec.ephemeralContainers?.length
      ? [forbidden(under(path, 'spec.ephemeralContainers'), 'ephemeral containers not allowed in pod template')]
      : []),
  ];
}

export interface ReplicatedTemplate {
  readonly template: PodTemplateSpec;
  /** Where the template stands. */
  readonly path: string;
  /** Whether the owner's selector matches the template's labels; one that selects all matches. */
  readonly selected: boolean;
  /** `ReplicaSet`, as errors name the owner. */
  readonly owner: string;
}

/** The same for pods that are to run for ever, as many as their owner says. */
export function validateReplicatedTemplate({
  template,
  path,
  selected,
  owner,
}: ReplicatedTemplate): readonly FieldError[] {
  const { metadata, spec } = template;
  const labels = { goSyntax: stringMapInGo(metadata?.labels) };
  const deadline = `activeDeadlineSeconds in ${owner} is not Supported`;
  return [
    ...(selected
      ? []
      : [invalid(under(path, 'metadata.labels'), labels, '`selector` does not match template `labels`')]),
    ...validatePodTemplate(template, path),
    ...(spec.restartPolicy === 'Always'
      ? []
      : [notSupported(under(path, 'spec.restartPolicy'), spec.restartPolicy, ['Always'])]),
    ...(spec.activeDeadlineSeconds === undefined
      ? []
      : [forbidden(under(path, 'spec.activeDeadlineSeconds'), deadline)]),
  ];
}
