import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { beyondQuota } from '../../../translate/ecs-service.ts';
import type { Context } from '../../context.ts';
import { recordEvent } from '../../record-event.ts';

/** Tells of replicas that ECS has no tasks for, once a number; answers why there are none. */
export async function tellBeyondQuota(
  context: Context,
  object: KubernetesObject,
  { replicas, component }: { readonly replicas: number; readonly component: string },
): Promise<string | undefined> {
  const message = beyondQuota(replicas);
  if (message === undefined) return undefined;
  await recordEvent(context, object, {
    type: 'Warning',
    component,
    reason: 'FailedCreate',
    message: `Error creating: ${message}`,
    occurrence: String(replicas),
  });
  return message;
}
