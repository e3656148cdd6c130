import type { HealthCheck } from '@aws-sdk/client-ecs';
import type { Health } from '../state.ts';
import type { World } from '../world.ts';

/** The command as the container's runtime takes it; nothing when there is no check (`NONE`). */
export function healthCommand(check: HealthCheck | undefined): readonly string[] | undefined {
  const [how, ...rest] = check?.command ?? [];
  if (how === 'CMD') return rest;
  if (how === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return undefined;
}

export interface HealthWatch {
  readonly check: HealthCheck;
  readonly command: readonly string[];
  /** What was found before. */
  readonly known: Health;
  /** Runs the command; answers whether it succeeded in time. */
  probe(timeoutSeconds: number): Promise<boolean>;
  /** Called when it changes. */
  health(health: Health): void;
}

/**
 * Watches a container's health as Docker does: a check each `interval` after the one before has ended; `retries`
 * failures in a row make it UNHEALTHY, one success HEALTHY; failures within `startPeriod` do not count unless a
 * check has already succeeded. Answers what ends the watch.
 */
export function watchHealth(world: World, watch: HealthWatch): () => void {
  const { interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = watch.check;
  const startedAt = world.clock.now();
  // Docker's first check comes after a whole interval. Early ones can only find the container healthy sooner.
  const countsFrom = Math.max(interval, startPeriod) * 1000;
  let ended = false;
  let failures = 0;
  let health = watch.known;
  let cancel = (): void => undefined;

  const become = (next: Health): void => {
    if (next === health) return;
    health = next;
    watch.health(next);
  };

  const probe = async (): Promise<void> => {
    const age = world.clock.now() - startedAt;
    const succeeded = await watch.probe(timeout);
    if (ended) return;
    if (succeeded) {
      failures = 0;
      become('HEALTHY');
    } else if (health === 'HEALTHY' || age >= countsFrom) {
      failures += 1;
      if (failures >= retries) become('UNHEALTHY');
    }
    if (!ended) next();
  };

  const next = (): void => {
    const early = world.timing.earlyHealthCheck;
    const left = countsFrom - (world.clock.now() - startedAt);
    const regular = interval * 1000;
    const wait = early !== undefined && health === 'UNKNOWN' && left > 0 ? Math.min(early, left, regular) : regular;
    cancel = world.after(wait, () => world.background(probe()));
  };

  next();
  return () => {
    ended = true;
    cancel();
  };
}
