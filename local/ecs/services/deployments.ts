import { close, completeServiceDeployment, noteRollback, openServiceDeployment } from './service-deployments.ts';
import { publishDeployment, say } from './service-events.ts';
import type { DeploymentRecord, Revision, ServiceRecord, TaskRecord } from '../state.ts';
import { tasksOf, type World } from '../world.ts';

/** Begins a deployment of a revision; the one that was PRIMARY is to be replaced from now on. */
export function beginDeployment(world: World, service: ServiceRecord, revision: Revision): void {
  const deployment = newDeployment(world, revision);
  openServiceDeployment(world, service, deployment);
  becomePrimary(world, service, deployment);
}

function newDeployment(world: World, revision: Revision): DeploymentRecord {
  const id = newDeploymentId(world);
  return {
    id,
    revision,
    createdAt: world.clock.now(),
    updatedAt: world.clock.now(),
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    rollback: false,
    target: 0,
    failedTasks: 0,
    breakerCount: 0,
    failedLaunches: 0,
    failedLaunchAt: 0,
    nextLaunchAt: 0,
    stuck: false,
  };
}

function newDeploymentId(world: World): string {
  const digits = Array.from({ length: 19 }, () => Math.floor(world.random() * 10));
  return `ecs-svc/${digits.join('').replace(/^0/, '1')}`;
}

function becomePrimary(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  const [previous] = service.deployments;
  if (previous !== undefined) previous.target = wanted(tasksOf(world.state, service), previous).length;
  service.deployments = [deployment, ...service.deployments.filter((each) => each !== deployment)];
  service.steady = false;
  publishDeployment(world, service, deployment);
  world.changed('services', service);
}

const wanted = (tasks: readonly TaskRecord[], deployment: DeploymentRecord): TaskRecord[] =>
  tasks.filter((task) => task.startedBy === deployment.id && task.desiredStatus === 'RUNNING');

/** All is as it was asked for. */
export function completeDeployment(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  Object.assign(deployment, {
    rolloutState: 'COMPLETED',
    rolloutStateReason: `ECS deployment ${deployment.id} completed.`,
    rollback: false,
    failedTasks: 0,
    breakerCount: 0,
    updatedAt: world.clock.now(),
  });
  completeServiceDeployment(world, service);
  service.lastCompleted = { id: deployment.id, revision: deployment.revision };
  say(world, service, `(deployment ${deployment.id}) deployment completed.`);
  publishDeployment(world, service, deployment);
}

/**
 * The circuit breaker's work: the deployment starts nothing any more, and where the service asks for it and a deployment
 * was completed before, the service goes back to that one. A rollback that fails is not followed by another.
 */
export function failDeployment(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = 'ECS deployment circuit breaker: tasks failed to start.';
  deployment.updatedAt = world.clock.now();
  say(world, service, `(deployment ${deployment.id}) deployment failed: tasks failed to start.`);
  publishDeployment(world, service, deployment);
  const wantsRollback = service.settings.deploymentConfiguration.deploymentCircuitBreaker?.rollback === true;
  const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';
  if (deployment.rollback) close(world, service, { status: 'ROLLBACK_FAILED' });
  else if (wantsRollback && service.lastCompleted !== undefined)
    rollBack(world, service, { goal: service.lastCompleted, reason, by: 'ECS deployment circuit breaker' });
  else close(world, service, { status: 'STOPPED', statusReason: 'The circuit breaker threshold was exceeded.' });
}

/** What StopServiceDeployment asks for. Without a deployment that was completed there is nothing to go back to. */
export function stopDeployment(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  const reason = 'Service deployment rolled back because of a user request.';
  deployment.rolloutState = 'FAILED';
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} was stopped.`;
  deployment.updatedAt = world.clock.now();
  say(world, service, `(deployment ${deployment.id}) deployment failed: stopped by a user.`);
  publishDeployment(world, service, deployment);
  if (service.lastCompleted === undefined) close(world, service, { status: 'ROLLBACK_FAILED', statusReason: reason });
  else rollBack(world, service, { goal: service.lastCompleted, reason, by: 'ECS deployment stopped' });
}

/** A deployment that still has tasks takes over again, tasks and all; else its revision is deployed anew. */
function rollBack(
  world: World,
  service: ServiceRecord,
  { goal, reason, by }: { goal: { id: string; revision: Revision }; reason: string; by: string },
): void {
  noteRollback(world, service, { goal, reason });
  say(world, service, `rolling back to deployment ${goal.id}.`);
  const known = service.deployments.find(({ id }) => id === goal.id) ?? newDeployment(world, goal.revision);
  Object.assign(known, {
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `${by}: rolling back to deploymentId ${goal.id}.`,
    rollback: true,
    updatedAt: world.clock.now(),
    breakerCount: 0,
    nextLaunchAt: 0,
  });
  becomePrimary(world, service, known);
}
