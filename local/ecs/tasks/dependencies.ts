import type { ContainerDependency } from '@aws-sdk/client-ecs';
import type { ContainerRecord } from '../state.ts';

/** Whether a container may start: now, not yet, or never, and then why. */
export type Readiness = 'ready' | 'waiting' | { readonly never: string };

/** What a container waits for and with which it is compared. */
export interface Dependency {
  readonly condition: ContainerDependency['condition'];
  readonly on: ContainerRecord;
}

export function readiness(container: ContainerRecord, dependencies: readonly Dependency[]): Readiness {
  let waiting = false;
  for (const { condition, on } of dependencies) {
    const met = isMet(condition, on);
    if (met === 'never') return { never: orderingFailure(container, on) };
    if (met === 'not yet') waiting = true;
  }
  return waiting ? 'waiting' : 'ready';
}

/** A condition that cannot come true any more is not waited for, as the ECS agent does since 1.62. */
function isMet(condition: Dependency['condition'], on: ContainerRecord): 'yes' | 'not yet' | 'never' {
  return on.lastStatus === 'STOPPED' ? isMetByEnd(condition, on) : isMetBefore(condition, on);
}

function isMetBefore(condition: Dependency['condition'], on: ContainerRecord): 'yes' | 'not yet' {
  if (condition === 'HEALTHY') return on.health === 'HEALTHY' ? 'yes' : 'not yet';
  const started = condition === 'START' && on.lastStatus === 'RUNNING';
  return started ? 'yes' : 'not yet';
}

/** Without an exit code it never ran. */
function isMetByEnd(condition: Dependency['condition'], on: ContainerRecord): 'yes' | 'never' {
  if (condition === 'HEALTHY' || on.exitCode === undefined) return 'never';
  return condition === 'SUCCESS' && on.exitCode !== 0 ? 'never' : 'yes';
}

/** The agent's words for a dependency that cannot be met. */
export function orderingFailure(container: ContainerRecord, on: ContainerRecord): string {
  const exit = on.exitCode === undefined ? '' : ` - Exit: ${on.exitCode}`;
  return `CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [${on.name}(${on.image}) (${on.lastStatus}->RUNNING)${exit}] for target [${container.name}(${container.image}) (NONE->RUNNING)]`;
}
