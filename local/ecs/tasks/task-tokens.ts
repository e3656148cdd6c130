import type { EcsState, TokenRecord } from '../state.ts';
import { stoppedTaskRetention } from '../timing.ts';
import type { World } from '../world.ts';

const longestTokenLife = 24 * 3_600_000;

/**
 * What RunTask has started for a client token. A token belongs to its cluster, and is forgotten after 24 hours or an
 * hour after its tasks have ended, whichever comes first
 * (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html).
 */
export function tokenTasks(world: World, cluster: string, token: string | undefined): TokenRecord | undefined {
  const known = token === undefined ? undefined : world.state.tokens.get(tokenKey(cluster, token));
  return known === undefined || isForgotten(world.state, known, world.clock.now()) ? undefined : known;
}

export const tokenKey = (cluster: string, token: string): string => `${cluster}/${token}`;

export function keepToken(world: World, token: TokenRecord): void {
  world.state.tokens.set(token.key, token);
  world.changed('tokens', token);
}

/** Drops what ECS does not remember any longer. */
export function forgetOld(state: EcsState, now: number): void {
  for (const task of state.tasks.values())
    if (task.stoppedAt !== undefined && task.stoppedAt + stoppedTaskRetention < now) state.tasks.delete(task.arn);
  for (const [key, token] of state.tokens) if (isForgotten(state, token, now)) state.tokens.delete(key);
}

function isForgotten(state: EcsState, token: TokenRecord, now: number): boolean {
  if (now - token.createdAt >= longestTokenLife) return true;
  return token.tasks.every((arn) => {
    const stoppedAt = state.tasks.get(arn)?.stoppedAt;
    return !state.tasks.has(arn) || (stoppedAt !== undefined && stoppedAt + stoppedTaskRetention < now);
  });
}
