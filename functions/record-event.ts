import { contentHash } from '../aws/content-hash.ts';
import { timestamp } from '../kubernetes/clock.ts';
import { event, type Event } from '../kubernetes/kinds/core/event.ts';
import { maximumEventCharacters } from '../kubernetes/limits.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { cut } from '../kubernetes/shown-value.ts';
import { StatusError } from '../kubernetes/status-error.ts';
import { createObject } from '../kubernetes/write/create.ts';
import { updateObject } from '../kubernetes/write/update.ts';
import type { Context } from './context.ts';
import { keyFor } from './read-objects.ts';

/** Something to tell about an object: one line of `kubectl describe`. */
export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  /** `SuccessfulCreate` */
  readonly reason: string;
  readonly message: string;
  /** Who says so: `replicaset-controller`, `kubelet`. */
  readonly component: string;
  /** The part of the object: `spec.containers{app}`. */
  readonly fieldPath?: string;
  /**
   * Names what happened. The same words about another occurrence raise the count; about the same one they change nothing,
   * so that work that is repeated tells nothing twice.
   */
  readonly occurrence: string;
}

/** The note of the occurrence that an Event told of last. */
const occurrenceNote = 'occurrence';

/** What says that an Event cannot be stored as it is, now or later. */
const refused: ReadonlySet<number> = new Set([400, 413, 422]);

/** Names are cut so that the hash and the dot fit the 253 characters of a name. */
const longestName = 253 - 17;

/** Clients list Events of the same second by their names: these go by the stages of a pod's life. */
const stages: Readonly<Record<string, string>> = {
  Scheduled: '1',
  Pulling: '2',
  Pulled: '3',
  Created: '4',
  Started: '5',
};

const eventName = (involved: KubernetesObject, draft: EventDraft): string => {
  const { type, reason, message, component, fieldPath } = draft;
  const hash = contentHash([involved.metadata.uid, type, reason, message, component, fieldPath]).slice(0, 15);
  return `${(involved.metadata.name ?? '').slice(0, longestName)}.${stages[reason] ?? '8'}${hash}`;
};

/**
 * Tells about an object, as a Kubernetes Event. The same words about the same object are one Event with a count, as
 * client-go's recorder has it. Nothing is told in a namespace that is gone or going.
 */
export async function recordEvent(context: Context, involved: KubernetesObject, draft: EventDraft): Promise<void> {
  const namespace = involved.metadata.namespace ?? 'default';
  const key = keyFor(event, namespace, eventName(involved, draft));
  if ((await context.store.get(key)) !== undefined) return count(context, key, draft);
  try {
    const object = newEvent(context, { involved, draft, key });
    await createObject(context, event, { object, notes: { [occurrenceNote]: draft.occurrence } });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    if (error.status.reason === 'AlreadyExists') return count(context, key, draft);
    if (error.code === 403 || error.code === 404) return;
    if (!refused.has(error.code)) throw error;
    // What is told about an object does not hold up the work on it.
    context.report(
      new Error(`telling about ${involved.kind} ${namespace}/${involved.metadata.name ?? ''}`, { cause: error }),
    );
  }
}

async function count(context: Context, key: ReturnType<typeof keyFor>, draft: EventDraft): Promise<void> {
  try {
    await updateObject(context, event, {
      key,
      change: (known, notes) =>
        notes[occurrenceNote] === draft.occurrence
          ? undefined
          : { ...known, count: (known.count ?? 1) + 1, lastTimestamp: timestamp(context.clock) },
      notes: (notes) => ({ ...notes, [occurrenceNote]: draft.occurrence }),
    });
  } catch (error) {
    // It expired in this moment.
    if (!(error instanceof StatusError) || error.code !== 404) throw error;
  }
}

function newEvent(
  context: Context,
  { involved, draft, key }: { involved: KubernetesObject; draft: EventDraft; key: ReturnType<typeof keyFor> },
): Event {
  const now = timestamp(context.clock);
  const { metadata } = involved;
  return {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: {
      name: key.name,
      namespace: key.namespace,
    },
    involvedObject: {
      kind: involved.kind,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      name: metadata.name ?? '',
      uid: metadata.uid ?? '',
      apiVersion: involved.apiVersion,
      ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
      ...(draft.fieldPath === undefined ? {} : { fieldPath: draft.fieldPath }),
    },
    reason: draft.reason,
    message: cut(draft.message, maximumEventCharacters),
    source: { component: draft.component },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: draft.type,
    eventTime: null,
    reportingComponent: draft.component,
    reportingInstance: '',
  };
}
