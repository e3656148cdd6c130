import { z } from 'zod';
import { formatKey } from '../../kubernetes/object.ts';
import type { Context } from '../context.ts';
import { recordEvent } from '../record-event.ts';
import type { AwsEvent } from './event.ts';
import { isOwnCluster, lastPart } from './own-cluster.ts';
import { workloadOfService } from './workload-of-service.ts';

const detail = z.object({
  eventType: z.enum(['INFO', 'WARN', 'ERROR']).catch('INFO'),
  /** `SERVICE_TASK_PLACEMENT_FAILURE` */
  eventName: z.string(),
  reason: z.string().nullish(),
});

/** "ECS Service Action": what the service scheduler has done or could not do. Troubles are told about the workload. */
export async function serviceAction(context: Context, event: AwsEvent): Promise<void> {
  const parsed = detail.safeParse(event.detail);
  if (!parsed.success) return;
  const { eventType, eventName, reason } = parsed.data;
  for (const arn of event.resources) {
    if (!isOwnCluster(context, arn)) continue;
    const workload = await workloadOfService(context, lastPart(arn));
    if (workload === undefined) continue;
    await context.queue.enqueue(formatKey(workload.key));
    if (eventType === 'INFO') continue;
    await recordEvent(context, workload.parse(), {
      type: 'Warning',
      reason: camelCase(eventName),
      message: reason ?? `ECS says ${eventName}`,
      component: 'ecs',
      occurrence: event.id,
    });
  }
}

/** `SERVICE_TASK_START_IMPAIRED` -> `ServiceTaskStartImpaired` */
const camelCase = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
