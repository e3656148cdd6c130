import { timestamp } from '../../../../kubernetes/clock.ts';
import { withoutKeys } from '../../../../kubernetes/annotations.ts';
import { keyOf } from '../../../../kubernetes/kind.ts';
import {
  replicationController as kind,
  type ReplicationController,
} from '../../../../kubernetes/kinds/core/replication-controller.ts';
import type { Noted } from '../../../../kubernetes/notes.ts';
import { again, done, type Outcome } from '../../../../kubernetes/queue/queue.ts';
import { deleteObject } from '../../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../../kubernetes/write/update.ts';
import type { Context } from '../../../context.ts';
import { keyFor, readObject } from '../../../read-objects.ts';
import { recordEvent } from '../../../record-event.ts';
import { rollingUpdateOf, steppedNote, withoutRollingUpdate } from './annotations.ts';
import { nextStep, type Side, type Step } from './decide.ts';

/** Pods that become available change the controller's status, which asks for a look; this is for what is lost. */
const waitSeconds = 5;

/** Takes the next step of the rolling update that makes this controller take over, if there is one. */
export async function stepRollingUpdate(context: Context, target: Noted<ReplicationController>): Promise<Outcome> {
  const update = rollingUpdateOf(target);
  if (update === undefined || target.metadata.deletionTimestamp !== undefined) return done;
  const namespace = target.metadata.namespace ?? '';
  const found = await readObject(context.store, kind, keyFor(kind, namespace, update.from));
  const source = found?.metadata.deletionTimestamp === undefined ? found : undefined;
  const step = nextStep(update, {
    target: sideOf(target),
    source: source === undefined ? undefined : sideOf(source),
    now: context.clock.now(),
  });
  return take(context, step, { target, source });
}

/** A status that is older than the spec says nothing of its pods. */
function sideOf({ metadata, spec, status }: ReplicationController): Side {
  const current = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return { replicas: spec.replicas ?? 1, available: current ? (status?.availableReplicas ?? 0) : 0 };
}

interface Pair {
  readonly target: Noted<ReplicationController>;
  readonly source: ReplicationController | undefined;
}

async function take(context: Context, step: Step, { target, source }: Pair): Promise<Outcome> {
  switch (step.do) {
    case 'wait':
      return again(step.seconds ?? waitSeconds);
    case 'scale-up':
      await scale(context, target, { replicas: step.to, stepped: timestamp(context.clock) });
      return again(waitSeconds);
    case 'scale-down':
      if (source !== undefined) await scale(context, source, { replicas: step.to });
      return again(1);
    case 'finish':
      await finish(context, { target, source });
      return done;
  }
}

async function scale(
  context: Context,
  controller: ReplicationController,
  { replicas, stepped }: { readonly replicas: number; readonly stepped?: string },
): Promise<void> {
  const before = controller.spec.replicas ?? 1;
  await updateObject(context, kind, {
    key: keyOf(kind, controller),
    // Whoever has changed it meanwhile, `kubectl scale` or the end of the update, is heard first.
    revision: Number(controller.metadata.resourceVersion),
    change: (current) => {
      current.spec.replicas = replicas;
      return current;
    },
    ...(stepped === undefined ? {} : { notes: (notes) => ({ ...notes, [steppedNote]: stepped }) }),
  });
  await tell(context, controller, {
    reason: 'ScalingReplicationController',
    message: `Scaling ${controller.metadata.name ?? ''} ${replicas > before ? 'up' : 'down'} to ${replicas}`,
  });
}

/** The old controller goes first: as long as the update is noted on the new one it is not over. */
async function finish(context: Context, { target, source }: Pair): Promise<void> {
  if (source !== undefined) {
    const { uid } = source.metadata;
    await deleteObject(context, kind, { key: keyOf(kind, source), preconditions: { uid } });
  }
  await updateObject(context, kind, {
    key: keyOf(kind, target),
    revision: Number(target.metadata.resourceVersion),
    change: (current) => {
      current.metadata.annotations = withoutRollingUpdate(current.metadata.annotations);
      return current;
    },
    notes: (notes) => withoutKeys(notes, [steppedNote]),
  });
  const from = rollingUpdateOf(target)?.from ?? '';
  await tell(context, target, { reason: 'RollingUpdateSucceeded', message: `Update succeeded. Deleted ${from}` });
}

const tell = (
  context: Context,
  controller: ReplicationController,
  draft: { readonly reason: string; readonly message: string },
): Promise<void> =>
  recordEvent(context, controller, {
    type: 'Normal',
    component: 'rolling-update',
    occurrence: controller.metadata.resourceVersion ?? '',
    ...draft,
  });
