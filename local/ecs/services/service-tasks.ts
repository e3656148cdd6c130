import { findTaskDefinition } from '../names.ts';
import { createTask, taskTags } from '../tasks/new-task.ts';
import type { RolloutStep } from './rollout.ts';
import { publishAction, say, tasksInWords } from './service-events.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import { liveTasksOf, type World } from '../world.ts';

/** The reason of a stopped task whose containers were UNHEALTHY. */
export const failedHealthChecks = 'Task failed container health checks';

/** Starts a task of one of the service's deployments. */
export function startTask(world: World, service: ServiceRecord, deployment: DeploymentRecord): TaskRecord {
  const { revision } = deployment;
  const { settings } = service;
  const definition = findTaskDefinition(world.state, revision.taskDefinition);
  if (definition === undefined) throw new Error(`no task definition ${revision.taskDefinition}`);
  const task = createTask(world, {
    cluster: service.cluster,
    definition,
    group: `service:${service.name}`,
    startedBy: deployment.id,
    service: service.arn,
    capacityProvider: settings.capacityProvider,
    platformVersion: revision.platformVersion,
    networkConfiguration: revision.networkConfiguration,
    enableExecuteCommand: settings.enableExecuteCommand,
    overrides: {
      containerOverrides: (definition.content.containerDefinitions ?? []).map(({ name }) => ({ name: name ?? '' })),
      taskRoleArn: undefined,
      executionRoleArn: undefined,
    },
    tags: taskTags({
      own: [],
      propagated: { SERVICE: service.tags, TASK_DEFINITION: definition.tags, NONE: [] }[settings.propagateTags],
      managed: settings.enableECSManagedTags
        ? { 'aws:ecs:clusterName': service.cluster, 'aws:ecs:serviceName': service.name }
        : {},
    }),
    neighbours: liveTasksOf(world.state, service).map((each) => each.availabilityZone),
  });
  service.tasks.add(task.arn);
  world.launch(task, definition, revision.digests);
  return task;
}

/** Stops tasks and says so. */
export function stopTasks(world: World, service: ServiceRecord, stops: RolloutStep['stop']): void {
  const primary = service.deployments[0];
  const stopped: string[] = [];
  for (const { task: taskArn, why } of stops) {
    const task = world.state.tasks.get(taskArn);
    if (task === undefined) continue;
    if (why === 'unhealthy') say(world, service, `${tasksInWords([taskArn])} failed container health checks.`);
    const reason =
      why === 'unhealthy' ? failedHealthChecks : `Scaling activity initiated by (deployment ${primary?.id ?? ''})`;
    if (world.stopTask(task, { code: 'ServiceSchedulerInitiated', reason })) stopped.push(taskArn);
  }
  if (stopped.length === 0) return;
  say(world, service, `has stopped ${stopped.length} running tasks: ${tasksInWords(stopped)}.`);
  publishAction(world, service, 'TASKS_STOPPED');
}
