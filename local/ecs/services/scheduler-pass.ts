import { hasTripped } from './circuit-breaker.ts';
import { completeDeployment, failDeployment, stopDeployment } from './deployments.ts';
import { wantsRollback } from './service-deployments.ts';
import { nextStep, type RolloutStep } from './rollout.ts';
import { publishAction, say, tasksInWords } from './service-events.ts';
import { startTask, stopTasks } from './service-tasks.ts';
import type { DeploymentRecord, ServiceRecord } from '../state.ts';
import { judge, type Judgement } from './task-health.ts';
import { noteEndings, noteHealth } from './task-outcomes.ts';
import { liveTasksOf, tasksOf, type World } from '../world.ts';

/**
 * One look of the service scheduler at a service: takes note of what has happened to its tasks, starts and stops tasks,
 * and says what became of its deployments. Answers in how many milliseconds time alone makes another look necessary.
 */
export function schedulerPass(world: World, service: ServiceRecord): number | undefined {
  noteEndings(world, service);
  if (service.status !== 'ACTIVE') return drain(world, service);
  const judgements = new Map(liveTasksOf(world.state, service).map((task) => [task.arn, judge(world, service, task)]));
  noteHealth(world, service, judgements);
  tripBreaker(world, service);
  const step = nextStep(rolloutView(world, service, judgements));
  carryOut(world, service, step);
  conclude(world, service, { judgements, step });
  return step.unfinished ? world.timing.scheduler : nextLook(world, service, judgements);
}

function tripBreaker(world: World, service: ServiceRecord): void {
  const [primary] = service.deployments;
  const { desiredCount, settings } = service;
  if (primary?.rolloutState !== 'IN_PROGRESS') return;
  if (wantsRollback(service)) return stopDeployment(world, service, primary);
  const breaker = settings.deploymentConfiguration.deploymentCircuitBreaker;
  if (hasTripped(breaker, { failures: primary.breakerCount, desiredCount })) failDeployment(world, service, primary);
}

function rolloutView(
  world: World,
  service: ServiceRecord,
  judgements: ReadonlyMap<string, Judgement>,
): Parameters<typeof nextStep>[0] {
  const tasks = liveTasksOf(world.state, service);
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = service.settings.deploymentConfiguration;
  return {
    desiredCount: service.desiredCount,
    minimumHealthyPercent,
    maximumPercent,
    batch: world.timing.batch,
    deployments: service.deployments.map((deployment) => ({
      id: deployment.id,
      target: deployment.target,
      launch: launchOf(world, deployment),
      tasks: tasks
        .filter((task) => task.startedBy === deployment.id)
        .map((task) => ({
          arn: task.arn,
          zone: task.availabilityZone,
          protected: (task.protectedUntil ?? 0) > world.clock.now(),
          state: judgements.get(task.arn)?.state ?? 'pending',
        })),
    })),
  };
}

function launchOf(world: World, deployment: DeploymentRecord): 'now' | 'later' | 'never' {
  if (deployment.rolloutState === 'FAILED') return 'never';
  return deployment.nextLaunchAt > world.clock.now() ? 'later' : 'now';
}

function carryOut(world: World, service: ServiceRecord, step: RolloutStep): void {
  for (const [id, target] of step.targets) {
    const deployment = service.deployments.find((each) => each.id === id);
    if (deployment !== undefined) deployment.target = target;
  }
  for (const { deployment: id, count, replacing } of step.start) {
    const deployment = service.deployments.find((each) => each.id === id);
    if (deployment === undefined) continue;
    const started = Array.from({ length: count }, () => startTask(world, service, deployment).arn);
    const why = replacing === 0 ? '' : ` Amazon ECS replaced ${replacing} tasks due to an unhealthy status.`;
    say(world, service, `has started ${count} tasks: ${tasksInWords(started)}.${why}`);
  }
  stopTasks(world, service, step.stop);
}

/** What can be said of the deployments after a step. */
function conclude(
  world: World,
  service: ServiceRecord,
  { judgements, step }: { judgements: ReadonlyMap<string, Judgement>; step: RolloutStep },
): void {
  const [primary, ...old] = service.deployments;
  if (primary === undefined) return;
  const remaining = tasksOf(world.state, service);
  service.deployments = [
    primary,
    ...old.filter(({ id, target }) => target > 0 || remaining.some((task) => task.startedBy === id)),
  ];
  sayWhetherStuck(world, service, step.stuck);
  const asWanted =
    service.deployments.length === 1 &&
    remaining.length === service.desiredCount &&
    remaining.every((task) => judgements.get(task.arn)?.state === 'healthy');
  if (asWanted && primary.rolloutState === 'IN_PROGRESS') completeDeployment(world, service, primary);
  const steady = asWanted && primary.rolloutState === 'COMPLETED';
  if (steady && !service.steady) {
    say(world, service, 'has reached a steady state.');
    publishAction(world, service, 'SERVICE_STEADY_STATE');
  }
  service.steady = steady;
}

function sayWhetherStuck(world: World, service: ServiceRecord, stuck: boolean): void {
  const [primary] = service.deployments;
  if (primary === undefined || primary.stuck === stuck) return;
  primary.stuck = stuck;
  if (stuck)
    say(
      world,
      service,
      'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    );
}

/** A deleted service stops its tasks and is INACTIVE when all of them are STOPPING at least. */
function drain(world: World, service: ServiceRecord): number | undefined {
  const live = liveTasksOf(world.state, service);
  const { batch, scheduler } = world.timing;
  stopTasks(
    world,
    service,
    live.slice(0, batch).map((task) => ({ task: task.arn, why: 'scaling' })),
  );
  if (live.length > batch) return scheduler;
  const left = tasksOf(world.state, service).filter(
    ({ lastStatus }) => lastStatus !== 'STOPPING' && lastStatus !== 'DEPROVISIONING' && lastStatus !== 'STOPPED',
  );
  if (left.length === 0 && service.status === 'DRAINING') {
    service.status = 'INACTIVE';
    service.deployments = [];
  }
  return undefined;
}

function nextLook(
  world: World,
  service: ServiceRecord,
  judgements: ReadonlyMap<string, Judgement>,
): number | undefined {
  const now = world.clock.now();
  const waits = [
    ...[...judgements.values()].map(({ changesIn }) => changesIn),
    ...service.deployments.map(({ nextLaunchAt }) => nextLaunchAt - now),
  ].filter((wait) => wait !== undefined && wait > 0);
  return waits.length === 0 ? undefined : Math.min(...waits.map(Number));
}
