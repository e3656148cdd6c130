import { registerTaskDefinition, type RegisteredTaskDefinition } from '../../aws/ecs/task-definition.ts';
import { maximumEventCharacters, maximumFieldEvents } from '../../kubernetes/limits.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { cut } from '../../kubernetes/shown-value.ts';
import type { Finding } from '../../translate/plan.ts';
import { tagKeys } from '../../translate/tags.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../record-event.ts';
import { gatherSurroundings } from './surroundings.ts';
import { translateWithSecrets, type SecretSource } from './template-secrets.ts';

export interface TemplateSource extends SecretSource {
  /** Who is told what of the template is not honoured. */
  readonly object: KubernetesObject;
  /** Where the template stands in the object: `spec.template.`, or '' for a Pod. */
  readonly path: string;
  /** Tells this template from equal ones of the same owner: each revision has a task definition of its own. */
  readonly revision: string;
  /** Who tells: `deployment-controller`. */
  readonly component: string;
}

export interface RegisteredTemplate extends RegisteredTaskDefinition {
  /** Secrets of its imagePullSecrets that it was registered without. */
  readonly missingPullSecrets: readonly string[];
}

export interface Refused {
  /** For people: every path with what is wrong there. */
  readonly refused: string;
  /** Seconds until another look, when an object that may come would lift the refusal. */
  readonly again: number | undefined;
}

/** A kubelet looks for a missing ConfigMap again about as often. */
const missingObjectSeconds = 10;

const text = (source: TemplateSource, { path, message }: Finding): string => `${source.path}${path}: ${message}`;

/**
 * Translates a pod template and registers the task definition. What is not honoured becomes Events; what is refused is
 * answered, and nothing registered.
 */
export async function registerTemplate(
  context: Context,
  source: TemplateSource,
): Promise<RegisteredTemplate | Refused> {
  const { owner, template } = source;
  const surroundings = await gatherSurroundings(context, owner.namespace, template);
  const translated = await translateWithSecrets(context, source, surroundings);
  const { plan, warnings, refused, missingPullSecrets } = translated;
  if (plan === undefined) {
    const message = cut(refused.map((finding) => text(source, finding)).join('; '), maximumEventCharacters);
    await tell(context, source, { reason: 'FailedCreate', message: `Error creating: ${message}` });
    const waits = refused.some((finding) => finding.waitsFor !== undefined);
    return { refused: message, again: waits ? missingObjectSeconds : undefined };
  }
  for (const finding of warnings.slice(0, maximumFieldEvents)) {
    await tell(context, source, { reason: 'FieldNotHonoured', message: text(source, finding) });
  }
  const more = warnings.length - maximumFieldEvents;
  if (more > 0) await tell(context, source, { reason: 'FieldNotHonoured', message: `and ${more} more fields` });
  if (missingPullSecrets.length > 0) await tell(context, source, withoutPullSecrets(missingPullSecrets));
  const tags = [...plan.tags, { key: tagKeys.revision, value: source.revision }];
  return { ...(await registerTaskDefinition(context.aws, { ...plan, tags })), missingPullSecrets };
}

/** In a kubelet's words. */
const withoutPullSecrets = (names: readonly string[]) => ({
  reason: 'FailedToRetrieveImagePullSecret',
  message: `Unable to retrieve some image pull secrets (${names.join(', ')}); attempting to pull the image may not succeed.`,
  component: 'kubelet',
});

/** Once for each revision, however often it is looked at. */
const tell = (
  context: Context,
  source: TemplateSource,
  draft: { readonly reason: string; readonly message: string; readonly component?: string },
): Promise<void> =>
  recordEvent(context, source.object, {
    type: 'Warning',
    component: source.component,
    occurrence: source.revision,
    ...draft,
  });
