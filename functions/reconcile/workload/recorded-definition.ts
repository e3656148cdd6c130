import { contentHash } from '../../../aws/content-hash.ts';
import { withoutKeys } from '../../../kubernetes/annotations.ts';
import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { taskDefinitionAnnotation } from '../../../translate/rollout-failure.ts';

/** On a ReplicaSet or ReplicationController: the hash of the plan that its task definition was registered from. */
export const hashAnnotation = 'skiff.dev/task-definition-hash';
/** On those with an ECS service of their own: the template that the task definition was registered for. */
export const templateAnnotation = 'skiff.dev/template-hash';

type Annotated = { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> | undefined } };

/** The task definition that was registered for it: it is not translated again. */
export const recordedDefinition = (object: Annotated): string | undefined =>
  object.metadata.annotations?.[taskDefinitionAnnotation];

/** Task definitions of the same object that came before, of which tasks may still run. */
const formerAnnotation = 'skiff.dev/former-task-definitions';

export const formerDefinitions = ({ metadata }: Annotated): readonly string[] =>
  (metadata.annotations?.[formerAnnotation] ?? '').split(',').filter((arn) => arn !== '');

/** Annotations with more of them. */
export const withFormer = (
  annotations: Readonly<Record<string, string>>,
  arns: readonly string[],
): Record<string, string> =>
  withOnlyFormer(annotations, [...formerDefinitions({ metadata: { annotations } }), ...arns]);

/** Annotations with these of them alone. */
export function withOnlyFormer(
  annotations: Readonly<Record<string, string>>,
  arns: readonly string[],
): Record<string, string> {
  const rest = withoutKeys(annotations, [formerAnnotation]);
  return arns.length === 0 ? rest : { ...rest, [formerAnnotation]: [...new Set(arns)].join(',') };
}

/** Names a template and whose it is. */
export const templateIdentity = (uid: string, template: PodTemplateSpec): string => contentHash({ uid, template });
