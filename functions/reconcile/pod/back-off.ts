import type { Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import { podTask } from '../../pod-task.ts';

/**
 * A kubelet's: the first restart comes at once, the next after 10 s, doubled with each failure up to 5 minutes;
 * forgotten when the pod has run for 10 minutes. What has never run waits 10 s already the first time.
 */
const firstSeconds = 10;
const longestSeconds = 300;
const forgottenAfterSeconds = 600;

export interface Restart {
  /** 0: now. */
  readonly seconds: number;
  /** Failures one after the other, the last included. */
  readonly failures: number;
}

type Terminated = { readonly startedAt?: string | null | undefined; readonly finishedAt?: string | null | undefined };

/** When a pod whose task has stopped is started again. Moments are milliseconds since the epoch. */
export function secondsUntilRestart(pod: Noted<Pod>, now: number): Restart {
  const ends = (pod.status?.containerStatuses ?? []).flatMap(({ state, lastState }) => {
    const terminated = state?.terminated ?? lastState?.terminated;
    return terminated === undefined ? [] : [terminated];
  });
  const failures = ranLong(ends) ? 1 : podTask(pod).failures + 1;
  const doublings = ends.length === 0 ? failures - 1 : failures - 2;
  const delay = doublings < 0 ? 0 : Math.min(longestSeconds, firstSeconds * 2 ** doublings);
  const known = [...ends.map((end) => moment(end.finishedAt)), stoppedAt(pod)].filter(Number.isFinite);
  const since = known.length === 0 ? now : Math.max(...known);
  return { seconds: Math.max(0, Math.ceil((since + delay * 1000 - now) / 1000)), failures };
}

const moment = (time: string | null | undefined): number => Date.parse(time ?? '');

const ranLong = (ends: readonly Terminated[]): boolean =>
  ends.some(({ startedAt, finishedAt }) => moment(finishedAt) - moment(startedAt) >= forgottenAfterSeconds * 1000);

/** When it stopped being able to run: a task that never started has no other moment of its end. */
function stoppedAt({ status }: Pod): number {
  const condition = status?.conditions?.find(({ type }) => type === 'PodReadyToStartContainers');
  return condition?.status === 'False' ? moment(condition.lastTransitionTime) : Number.NaN;
}
