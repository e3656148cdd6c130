import { contentHash } from '../../../aws/content-hash.ts';
import { withoutKeys } from '../../../kubernetes/annotations.ts';
import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import type { Notes } from '../../../kubernetes/notes.ts';

/** Of a ReplicaSet or ReplicationController: the ARN of the task definition that was registered for it. */
export const definitionNote = 'task-definition';
/** The hash of the plan that it was registered from. */
export const hashNote = 'task-definition-hash';
/** Of those with an ECS service of their own: the template that the task definition was registered for. */
export const templateNote = 'template-hash';
/** Task definitions of the same object that came before, of which tasks may still run. */
const formerNote = 'former-task-definitions';

type WithNotes = { readonly notes: Notes };

/** The task definition that was registered for it: it is not translated again. */
export const recordedDefinition = ({ notes }: WithNotes): string | undefined => notes[definitionNote];

export const formerDefinitions = ({ notes }: WithNotes): readonly string[] =>
  (notes[formerNote] ?? '').split(',').filter((arn) => arn !== '');

/** Notes with more of them. */
export const withFormer = (notes: Notes, arns: readonly string[]): Notes =>
  withOnlyFormer(notes, [...formerDefinitions({ notes }), ...arns]);

/** Notes with these of them alone. */
export function withOnlyFormer(notes: Notes, arns: readonly string[]): Notes {
  const rest = withoutKeys(notes, [formerNote]);
  return arns.length === 0 ? rest : { ...rest, [formerNote]: [...new Set(arns)].join(',') };
}

/** Names a template and whose it is. */
export const templateIdentity = (uid: string, template: PodTemplateSpec): string => contentHash({ uid, template });
