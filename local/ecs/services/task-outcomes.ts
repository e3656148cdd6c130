import { publishAction, say } from './service-events.ts';
import { failedHealthChecks } from './service-tasks.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from '../state.ts';
import type { Judgement } from './task-health.ts';
import { launchDelay } from '../timing.ts';
import { liveTasksOf, tasksOf, type World } from '../world.ts';

const deploymentOf = (service: ServiceRecord, task: TaskRecord): DeploymentRecord | undefined =>
  service.deployments.find(({ id }) => id === task.startedBy);

/** Tasks that failed count against their deployment; tasks that are gone are not the service's any more. */
export function noteEndings(world: World, service: ServiceRecord): void {
  for (const task of tasksOf(world.state, service)) {
    if (task.desiredStatus === 'STOPPED' && !task.accounted) {
      task.accounted = true;
      world.changed('tasks', task);
      noteFailure(world, service, task);
    }
    if (task.lastStatus === 'STOPPED') service.tasks.delete(task.arn);
  }
}

function noteFailure(world: World, service: ServiceRecord, task: TaskRecord): void {
  const deployment = deploymentOf(service, task);
  const neverRan = task.startedAt === undefined;
  const failedAlone = task.stopCode === 'TaskFailedToStart' || task.stopCode === 'EssentialContainerExited';
  if (deployment === undefined) return;
  if (!(neverRan && failedAlone) && task.stoppedReason !== failedHealthChecks) return;
  deployment.failedTasks += 1;
  deployment.breakerCount += 1;
  if (!neverRan) return;
  const now = world.clock.now();
  deployment.failedLaunches += 1;
  deployment.failedLaunchAt = now;
  deployment.nextLaunchAt = now + launchDelay(world.timing.throttle, deployment.failedLaunches);
  if (deployment.failedLaunches !== world.timing.throttle.free + 1) return;
  say(
    world,
    service,
    'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
  );
  publishAction(world, service, 'SERVICE_TASK_START_IMPAIRED');
}

/** Success takes back what failures have counted. */
export function noteHealth(world: World, service: ServiceRecord, judgements: ReadonlyMap<string, Judgement>): void {
  const keepsCount = service.settings.deploymentConfiguration.deploymentCircuitBreaker?.resetOnHealthyTask === false;
  for (const task of liveTasksOf(world.state, service)) {
    const deployment = deploymentOf(service, task);
    if (deployment === undefined) continue;
    if (task.startedAt !== undefined && task.startedAt > deployment.failedLaunchAt) {
      deployment.failedLaunches = 0;
      deployment.nextLaunchAt = 0;
    }
    if (task.wasHealthy || judgements.get(task.arn)?.state !== 'healthy') continue;
    task.wasHealthy = true;
    world.changed('tasks', task);
    deployment.failedTasks = 0;
    if (!keepsCount) deployment.breakerCount = 0;
  }
}
