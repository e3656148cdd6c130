import { deregisterOwnedTaskDefinitions } from '../../../aws/ecs/owned-task-definitions.ts';
import { applyService, lookAtService, removeService } from '../../../aws/ecs/service.ts';
import { deregisterTaskDefinition } from '../../../aws/ecs/task-definition.ts';
import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { keyOf, type Kind } from '../../../kubernetes/kind.ts';
import { type Noted, type Notes, parseNoted } from '../../../kubernetes/notes.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { again, done, type Outcome } from '../../../kubernetes/queue/queue.ts';
import type { Tombstone } from '../../../kubernetes/tombstone.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { EcsService } from '../../../translate/ecs-state.ts';
import { translateOwnService } from '../../../translate/ecs-service.ts';
import { ecsServiceName, taskDefinitionFamily } from '../../../translate/names.ts';
import type { Owner } from '../../../translate/plan.ts';
import type { Context } from '../../context.ts';
import { madeFor } from '../../ownership.ts';
import { recordEvent } from '../../record-event.ts';
import { dropFormerSecrets, haveCome, withMissing, withNewSecrets } from '../recorded-secrets.ts';
import { releaseNamed, releaseSecrets } from '../release-secrets.ts';
import { registerTemplate, type Refused } from '../task-definition.ts';
import { keepCostlyPods } from './deletion-cost.ts';
import { inPlaceAnnotation } from './rolling-update/annotations.ts';
import {
  definitionNote,
  formerDefinitions,
  hashNote,
  recordedDefinition,
  templateNote,
  templateIdentity,
  withOnlyFormer,
} from './recorded-definition.ts';
import { syncWorkloadPods, type WorkloadPods } from './workload-pods.ts';

/** A ReplicaSet that no Deployment controls, or a ReplicationController: it has an ECS service of its own. */
export interface OwnService {
  readonly kind: Kind;
  readonly object: Noted;
  readonly template: PodTemplateSpec;
  readonly replicas: number;
  /** As its status has them. */
  readonly readyReplicas: number;
  readonly component: string;
}

export interface Definition {
  readonly arn: string;
  /** The object's, with what is to be kept in them. */
  readonly notes: Notes;
  /** Of the object as it is now: something may have been written meanwhile. */
  readonly written: Noted;
}

const drainingSeconds = 2;

const ownerOf = ({ kind, object: { metadata } }: OwnService): Owner => ({
  kind: kind.kind,
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** The task definition of the present template, registered anew when that has changed. */
export async function ownDefinition(context: Context, workload: OwnService): Promise<Definition | Refused> {
  const { kind, object, template } = workload;
  const identity = templateIdentity(object.metadata.uid ?? '', template);
  const recorded = recordedDefinition(object);
  const isSame = recorded !== undefined && object.notes[templateNote] === identity;
  let written = object;
  if (isSame && !(await isToBeginAnew(context, workload))) return { arn: recorded, notes: object.notes, written };
  const registered = await registerTemplate(context, {
    object,
    owner: ownerOf(workload),
    template,
    path: 'spec.template.',
    revision: identity,
    component: workload.component,
    recordSecrets: async (names) => {
      const { object: record } = await updateObject(context, kind, {
        key: keyOf(kind, object),
        revision: Number(object.metadata.resourceVersion),
        change: (current) => current,
        notes: (current) => withNewSecrets(current, object.metadata.uid ?? '', names),
      });
      written = parseNoted(record);
    },
  });
  if ('refused' in registered) return registered;
  const changed = object.notes[templateNote] !== undefined && !isSame && recorded !== registered.arn;
  if (changed && !isInPlace(object)) await tellOfChange(context, workload, identity);
  const former = [...formerDefinitions(object), ...(recorded === undefined ? [] : [recorded])];
  const notes = {
    ...withOnlyFormer(
      written.notes,
      former.filter((arn) => arn !== registered.arn),
    ),
    [definitionNote]: registered.arn,
    [hashNote]: registered.hash,
    [templateNote]: identity,
  };
  return { arn: registered.arn, notes: withMissing(notes, registered.missingPullSecrets), written };
}

/** Whether imagePullSecrets have come that a kubelet would have pulled with by now. What runs already is left alone. */
const isToBeginAnew = async (context: Context, { object, readyReplicas }: OwnService): Promise<boolean> =>
  readyReplicas === 0 && (await haveCome(context, object));

const tellOfChange = (context: Context, { object, component }: OwnService, identity: string): Promise<void> =>
  recordEvent(context, object, {
    type: 'Warning',
    reason: 'TemplateChanged',
    message:
      'spec.template: pods that run, and those that take their place when they fail or are deleted, keep the former template; pods of the new one come by scaling up: scale to 0 and back to renew all',
    component,
    occurrence: identity,
  });

export interface AppliedOwnService {
  readonly ecsService: EcsService;
  /** Seconds until another look, if there has to be one. */
  readonly again: number | undefined;
  /** How far the replacement of its pods by such of the present template is, when that was asked for. */
  readonly inPlace: 'under-way' | 'done' | undefined;
}

/** ECS tells by an event when a rollout ends, but an event may be lost. */
const inPlaceSeconds = 10;

const isInPlace = ({ metadata }: KubernetesObject): boolean => metadata.annotations?.[inPlaceAnnotation] !== undefined;

function inPlaceState({ deployments }: EcsService, arn: string): 'under-way' | 'done' {
  const [primary, ...others] = deployments;
  const isDone = others.length === 0 && primary?.taskDefinition === arn && primary.rolloutState === 'COMPLETED';
  return isDone ? 'done' : 'under-way';
}

/** Makes the ECS service what the workload says. */
export async function applyOwnService(context: Context, workload: OwnService, arn: string): Promise<AppliedOwnService> {
  const { object, replicas } = workload;
  const { namespace = '', name = '', uid = '' } = object.metadata;
  const serviceName = ecsServiceName(namespace, name, uid);
  const { cluster } = context.installation;
  const seen = await lookAtService(context.aws, { cluster, serviceName, ownership: madeFor(context, object) });
  if ((seen.service?.desiredCount ?? 0) > replicas) {
    await keepCostlyPods(context, { owners: [{ kind: workload.kind, owner: object }], replicas });
  }
  const plan = translateOwnService(
    { owner: ownerOf(workload), replicas, taskDefinitionArn: arn, inPlace: isInPlace(object) },
    context.installation,
  );
  const { service } = await applyService(context.aws, plan, seen);
  const inPlace = isInPlace(object) ? inPlaceState(service, arn) : undefined;
  const draining = service.status === 'DRAINING' ? drainingSeconds : undefined;
  return { ecsService: service, again: draining ?? (inPlace === 'under-way' ? inPlaceSeconds : undefined), inPlace };
}

/** The pods of the workload, made what its tasks are. */
export function syncOwnPods(
  context: Context,
  workload: OwnService,
  { arn, ecsService }: { readonly arn: string; readonly ecsService: EcsService },
): Promise<WorkloadPods> {
  const { kind, object, template, component } = workload;
  const owner = { kind, object, template, component };
  return syncWorkloadPods(context, {
    ecsService,
    owners: [arn, ...formerDefinitions(object)].map((taskDefinition) => ({ ...owner, taskDefinition })),
  });
}

/** Deregisters task definitions of former templates that no task uses any more. Answers the notes without them. */
export async function dropFormer(context: Context, object: Noted, { tasks }: WorkloadPods): Promise<Notes> {
  const former = formerDefinitions(object);
  const used = new Set(tasks.filter((task) => task.lastStatus !== 'STOPPED').map((task) => task.taskDefinitionArn));
  const kept = former.filter((arn) => used.has(arn));
  const notes = kept.length === 0 ? await dropSecrets(context, object) : object.notes;
  if (kept.length === former.length) return notes;
  for (const arn of former.filter((each) => !used.has(each))) {
    await deregisterTaskDefinition(context.aws, arn, madeFor(context, object));
  }
  return withOnlyFormer(notes, kept);
}

/** Deletes the secrets of former templates, now that no task has them any more. */
async function dropSecrets(context: Context, object: Noted): Promise<Notes> {
  const { names, rest } = dropFormerSecrets(object.notes);
  await releaseNamed(context, object, names);
  return rest;
}

/** Removes the service of a deleted workload and its task definitions. */
export async function removeOwnService(context: Context, { object }: Tombstone): Promise<Outcome> {
  const { namespace = '', name = '', uid = '' } = object.metadata;
  const { aws, installation } = context;
  const ownership = madeFor(context, object);
  const serviceName = ecsServiceName(namespace, name, uid);
  const state = await removeService(aws, { cluster: installation.cluster, serviceName, ownership });
  if (state === 'draining') return again(drainingSeconds);
  await deregisterOwnedTaskDefinitions(aws, { family: taskDefinitionFamily(namespace, name), ownership });
  await releaseSecrets(context, object);
  return done;
}
