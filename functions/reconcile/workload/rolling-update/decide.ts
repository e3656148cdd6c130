import type { RollingUpdate } from './annotations.ts';

/** One of the two controllers, as far as a step goes by it. */
export interface Side {
  readonly replicas: number;
  readonly available: number;
}

export type Step =
  | { readonly do: 'scale-up'; readonly to: number }
  | { readonly do: 'scale-down'; readonly to: number }
  | { readonly do: 'finish' }
  /** For new pods to become available (no seconds), or for the update period to pass. */
  | { readonly do: 'wait'; readonly seconds: number | undefined };

/**
 * The next step of a rolling update: the new controller gets one pod more, then, when all its pods are available, the old
 * one loses one. So there are never less available than wanted, and never more than one above that, as with
 * `kubectl rolling-update` (maxUnavailable 0, maxSurge 1). Between two pods the update period passes.
 */
export function nextStep(
  update: RollingUpdate,
  { target, source, now }: { readonly target: Side; readonly source: Side | undefined; readonly now: number },
): Step {
  const left = source?.replicas ?? 0;
  if (target.replicas > update.replicas) return { do: 'scale-up', to: update.replicas };
  const ready = target.available >= target.replicas;
  if (left === 0 && target.replicas === update.replicas) {
    return ready ? { do: 'finish' } : { do: 'wait', seconds: undefined };
  }
  const surplus = target.replicas + left - update.replicas;
  if (surplus > 0) return ready ? { do: 'scale-down', to: left - 1 } : { do: 'wait', seconds: undefined };
  const seconds = Math.ceil((update.stepped + update.periodSeconds * 1000 - now) / 1000);
  return seconds > 0 ? { do: 'wait', seconds } : { do: 'scale-up', to: target.replicas + 1 };
}
