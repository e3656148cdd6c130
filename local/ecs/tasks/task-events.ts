import type { Task } from '@aws-sdk/client-ecs';
import { describeTask } from './describe-task.ts';
import type { TaskRecord } from '../state.ts';
import type { World } from '../world.ts';

/**
 * Tells of a change of a task or its containers that others may see: `version` goes up and an "ECS Task State Change"
 * goes out, whose detail is the task as DescribeTasks would answer it, without tags and health. Changes of health alone
 * raise no event (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html).
 */
export function taskChanged(world: World, task: TaskRecord): void {
  task.version += 1;
  task.updatedAt = world.clock.now();
  world.changed('tasks', task);
  world.publish({
    'detail-type': 'ECS Task State Change',
    resources: [task.arn],
    detail: { ...asEvent(describeTask(world, task)), updatedAt: new Date(task.updatedAt).toISOString() },
  });
  if (task.service !== undefined) world.schedule(task.service);
}

/** Events are JSON: moments are text in them. Attachments go by another name there. */
function asEvent({ healthStatus: _health, containers = [], attachments = [], ...task }: Task): object {
  const json: object = JSON.parse(
    JSON.stringify({
      ...task,
      containers: containers.map(
        ({ healthStatus: _healthStatus, networkBindings: _bindings, ...container }) => container,
      ),
      attachments: attachments.map((attachment) => ({ ...attachment, type: 'eni' })),
    }),
  );
  return json;
}
