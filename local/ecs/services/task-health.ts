import { taskHealth } from '../tasks/describe-task.ts';
import type { RolloutTask } from './rollout.ts';
import type { ServiceRecord, TaskRecord } from '../state.ts';
import type { World } from '../world.ts';

/** What the scheduler thinks of a task, and when that changes by time alone, in milliseconds from now. */
export interface Judgement {
  readonly state: RolloutTask['state'];
  readonly changesIn?: number;
}

/**
 * Healthy is a RUNNING task whose essential containers pass their health checks; one without any check counts as healthy
 * when it has been RUNNING for 40 seconds. Health checks that fail are ignored during the service's grace period.
 */
export function judge(world: World, service: ServiceRecord, task: TaskRecord): Judgement {
  const now = world.clock.now();
  const health = taskHealth(task.containers);
  if (health === 'UNHEALTHY') return judgeUnhealthy(service, task, now);
  if (task.lastStatus !== 'RUNNING' || task.startedAt === undefined) return { state: 'pending' };
  if (health === 'HEALTHY') return { state: 'healthy' };
  if (task.containers.some(({ essential, checked }) => essential && checked)) return { state: 'running' };
  const left = task.startedAt + world.timing.healthyAfter - now;
  return left > 0 ? { state: 'running', changesIn: left } : { state: 'healthy' };
}

function judgeUnhealthy(service: ServiceRecord, task: TaskRecord, now: number): Judgement {
  const grace = (service.settings.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const left = (task.startedAt ?? task.createdAt) + grace - now;
  return left > 0
    ? { state: task.lastStatus === 'RUNNING' ? 'running' : 'pending', changesIn: left }
    : { state: 'unhealthy' };
}
