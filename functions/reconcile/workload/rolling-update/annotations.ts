import { withoutKeys } from '../../../../kubernetes/annotations.ts';
import type { Noted } from '../../../../kubernetes/notes.ts';

/**
 * A rolling update between two ReplicationControllers, as `kubectl rolling-update` asks for it. All of it stands on the
 * one that is to take over, so that it goes on whoever is watching.
 */
export const rollingUpdate = {
  /** The name of the controller that is to be replaced. */
  from: 'skiff.dev/rolling-update-from',
  /** How many replicas there are to be in the end. */
  replicas: 'skiff.dev/rolling-update-replicas',
  /** Seconds between two steps. */
  period: 'skiff.dev/rolling-update-period',
} as const;

/** The note of when the last step was taken (RFC 3339). */
export const steppedNote = 'rolling-update-stepped';

/** On a ReplicationController whose template has changed: its pods are replaced, one after the other. */
export const inPlaceAnnotation = 'skiff.dev/rolling-update-in-place';

export interface RollingUpdate {
  readonly from: string;
  readonly replicas: number;
  readonly periodSeconds: number;
  /** Milliseconds since the epoch; -Infinity before the first step. */
  readonly stepped: number;
}

/** The rolling update that makes this controller take over, undefined when there is none. */
export function rollingUpdateOf({ metadata, notes }: Noted): RollingUpdate | undefined {
  const annotations = metadata.annotations ?? {};
  const from = annotations[rollingUpdate.from];
  if (from === undefined || from === '' || from === metadata.name) return undefined;
  const stepped = Date.parse(notes[steppedNote] ?? '');
  return {
    from,
    replicas: count(annotations[rollingUpdate.replicas], 1),
    periodSeconds: count(annotations[rollingUpdate.period], 60),
    stepped: Number.isNaN(stepped) ? Number.NEGATIVE_INFINITY : stepped,
  };
}

function count(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  return Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}

/** The annotations without a rolling update that has ended. */
export const withoutRollingUpdate = (given: Readonly<Record<string, string>> | undefined): Record<string, string> =>
  withoutKeys(given, Object.values(rollingUpdate));
