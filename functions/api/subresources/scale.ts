import { timestamp } from '../../../kubernetes/clock.ts';
import { decode } from '../../../kubernetes/decode/decode.ts';
import { scale as scaleKind, scaleOf, type Scale } from '../../../kubernetes/kinds/autoscaling/scale.ts';
import { entriesWithScale, scaleEntries } from '../../../kubernetes/managed-fields/scale-fields.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { conflict, invalidObject, objectNotFound, resourceNotFound } from '../../../kubernetes/status-error.ts';
import { applyPatch } from '../../../kubernetes/patch/apply.ts';
import type { StoredObject } from '../../../kubernetes/store/store.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import { unstored } from '../../../kubernetes/write/unstored.ts';
import { keyOfCall, type Call, type Handler } from '../call.ts';
import { decodeObject, requireName } from '../decode-object.ts';
import { negotiate, type Representation } from '../negotiate.ts';
import { writeOptions, type WriteOptions } from '../options.ts';
import { patched, readPatch, type Patch } from '../patch.ts';
import { objectResponse } from '../respond.ts';
import { requireSameName } from '../verbs/patch.ts';
import { revisionOf } from '../verbs/update.ts';
import type { Subresource } from './subresource.ts';

const get: Handler = async (call) => {
  const representation = negotiate(call.request.headers.get('accept'));
  const object = await call.dependencies.store.get(keyOfCall(call));
  if (object === undefined) throw objectNotFound(call.kind, call.name);
  return respond(call, { representation, object, warnings: [] });
};

const update: Handler = async (call) => {
  const representation = negotiate(call.request.headers.get('accept'));
  const options = writeOptions(call.query, call.request.headers, 'UpdateOptions');
  const { object, warnings } = await decodeObject(call, scaleKind, options.fieldValidation);
  requireName(object, call.name);
  const written = await rescale(call, { options, revision: revisionOf(object), next: () => object });
  return respond(call, { representation, object: written, warnings });
};

const patch: Handler = async (call) => {
  const representation = negotiate(call.request.headers.get('accept'));
  const given = await readPatch(call);
  if (given.type === 'apply') return respond(call, { representation, ...(await apply(call, given)) });
  let warnings: readonly string[] = [];
  const next = (current: Scale): Scale => {
    const body = { value: patched(scaleKind, current, given), duplicates: given.body.duplicates };
    const decoded = decode(scaleKind, body, given.options.fieldValidation);
    warnings = decoded.warnings;
    requireName(decoded.object, call.name);
    const { resourceVersion } = decoded.object.metadata;
    if (resourceVersion && resourceVersion !== current.metadata.resourceVersion) throw conflict(call.kind, call.name);
    return decoded.object;
  };
  const object = await rescale(call, { options: given.options, revision: undefined, next });
  return respond(call, { representation, object, warnings });
};

/** Server-side apply: who manages the Scale is who manages the object's replicas. */
async function apply(call: Call, given: Patch): Promise<Pick<ScaleAnswer, 'object' | 'warnings'>> {
  const { dependencies, kind } = call;
  requireSameName(call, given.body.value);
  let warnings: readonly string[] = [];
  const { object } = await updateObject(dependencies, kind, {
    key: keyOfCall(call),
    dryRun: given.options.dryRun,
    change: (current: KubernetesObject) => {
      const { managedFields } = current.metadata;
      const shown = scaleOf(scaleMethods(call), current);
      const value = applyPatch(scaleKind, {
        current: { ...shown, metadata: { ...shown.metadata, managedFields: scaleEntries(managedFields) } },
        applied: given.body.value,
        manager: given.options.manager,
        force: given.force,
        subresource: 'scale',
        now: timestamp(dependencies.clock),
      });
      const body = { value, duplicates: given.body.duplicates };
      const wanted = decode(scaleKind, body, given.options.fieldValidation);
      warnings = wanted.warnings;
      setReplicas(call, current, wanted.object);
      const entries = entriesWithScale(kind, managedFields, wanted.object.metadata.managedFields);
      return { ...current, metadata: { ...current.metadata, managedFields: entries } };
    },
  });
  return { object, warnings };
}

function setReplicas(call: Call, object: KubernetesObject, wanted: Scale): void {
  const errors = scaleKind.validate(wanted);
  if (errors.length > 0) throw invalidObject(scaleKind, call.name, errors);
  scaleMethods(call).setReplicas(object, wanted.spec?.replicas ?? 0);
}

/** GET, PUT and PATCH of how many replicas an object has. */
export const scale: Subresource = { get, update, patch };

interface Rescaling {
  readonly options: WriteOptions;
  readonly revision: number | undefined;
  /** The Scale that is asked for. */
  readonly next: (current: Scale) => Scale;
}

async function rescale(call: Call, { options, revision, next }: Rescaling): Promise<StoredObject> {
  const { dependencies, kind } = call;
  const how = scaleMethods(call);
  const written = await updateObject(dependencies, kind, {
    key: keyOfCall(call),
    change: (current: KubernetesObject) => {
      setReplicas(call, current, next(scaleOf(how, current)));
      return current;
    },
    revision,
    dryRun: options.dryRun,
    manager: options.manager,
    trackedSubresource: 'scale',
  });
  return written.object;
}

function scaleMethods({ kind }: Call) {
  const how = kind.subresources.scale;
  if (how === undefined) throw resourceNotFound();
  return how;
}

interface ScaleAnswer {
  readonly representation: Representation;
  /** The scaled object. */
  readonly object: StoredObject;
  readonly warnings: readonly string[];
}

function respond(call: Call, { representation, object, warnings }: ScaleAnswer): Response {
  return objectResponse({
    kind: scaleKind,
    object: unstored(object.key, scaleOf(scaleMethods(call), object.parse())),
    representation,
    includeObject: call.query.get('includeObject'),
    now: call.dependencies.clock.now(),
    warnings,
  });
}
