import type { Context } from '../context.ts';
import { deploymentStateChange } from './deployment-state-change.ts';
import type { AwsEvent } from './event.ts';
import { serviceAction } from './service-action.ts';
import { taskStateChange } from './task-state-change.ts';

type Handler = (context: Context, event: AwsEvent) => Promise<void>;

/** By detail-type. */
const handlers: Readonly<Record<string, Handler>> = {
  'ECS Deployment State Change': deploymentStateChange,
  'ECS Service Action': serviceAction,
  'ECS Task State Change': taskStateChange,
};

/** Takes in what AWS says has happened: at least once, in any order. What concerns nothing of ours is ignored. */
export async function handleEvent(context: Context, event: AwsEvent): Promise<void> {
  const type = event['detail-type'];
  if (event.source !== 'aws.ecs' || !Object.hasOwn(handlers, type)) return;
  await handlers[type]?.(context, event);
}
