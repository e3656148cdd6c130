import type { FieldError } from './field-errors.ts';
import { generatedName } from './generated-name.ts';
import type { Kind } from './kind.ts';
import type { KubernetesObject } from './object.ts';
import type { ObjectMeta } from './object-meta.ts';
import { validateMeta, validateMetaUpdate } from './object-meta-validation.ts';
import { equalJson } from './json-value.ts';

export interface WriteContext {
  /** The time of the request as Kubernetes' Time. */
  readonly now: string;
  /** A UUID that nobody has had. */
  newId(this: void): string;
  /** A number in [0, 1). */
  random(this: void): number;
}

export interface Prepared<T> {
  readonly object: T;
  /** Everything that is wrong with it: nothing may be written when there is something. */
  readonly errors: readonly FieldError[];
  /** Texts for `Warning:` headers. */
  readonly warnings: readonly string[];
}

/**
 * A new object as it is stored, in the order of a kube-apiserver: name, server fields, defaults, the kind's own
 * preparation, validation. The object belongs to the function. A generated name can be taken: prepare again then.
 */
export function prepareCreate<T extends KubernetesObject>(
  kind: Kind<T>,
  object: T,
  context: WriteContext,
): Prepared<T> {
  object.metadata = newMeta(kind, object.metadata, context);
  kind.defaults(object);
  kind.prepareCreate(object, context);
  return {
    object,
    errors: [...validateMeta(kind, object.metadata), ...kind.validate(object)],
    warnings: kind.warnings(object),
  };
}

/** Metadata of a new object: what only the server says does not come from the client. */
function newMeta(kind: Kind, given: ObjectMeta, context: WriteContext): ObjectMeta {
  const generated = given.generateName ? generatedName(given.generateName, context.random) : undefined;
  return present({
    name: given.name || generated,
    generateName: given.generateName,
    namespace: given.namespace,
    uid: context.newId(),
    generation: kind.generationOf === undefined ? undefined : 1,
    creationTimestamp: context.now,
    ...changeable(given),
  });
}

/** The metadata that belongs to clients. */
const changeable = ({ labels, annotations, ownerReferences, finalizers, managedFields }: ObjectMeta) => ({
  labels,
  annotations,
  ownerReferences,
  finalizers,
  managedFields,
});

/** Empty values are as good as none; Go leaves them out. */
const present = (meta: ObjectMeta): ObjectMeta =>
  Object.fromEntries(Object.entries(meta).filter(([, value]) => !isEmpty(value)));

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

export interface ObjectChange<T> {
  /** As the client wants it; belongs to the function. */
  readonly object: T;
  /** As it is stored. */
  readonly previous: T;
  /**
   * Absent: the object itself, whose status stays. `status`: the status, and what of the metadata a client may change.
   * `finalize`: the spec beside what the kind keeps in it on a plain update, so the finalizers of a Namespace.
   */
  readonly subresource?: 'status' | 'finalize' | undefined;
}

/** An object as far as the parts matter that a subresource may write. */
type Parts = KubernetesObject & { spec?: unknown; status?: unknown };

/**
 * A changed object as it is stored: what a client cannot change is kept, what follows from the change is set. The
 * revision is the stored one's; whoever writes compares the client's before.
 */
export function prepareUpdate<T extends KubernetesObject>(
  kind: Kind<T>,
  change: ObjectChange<T>,
  context: WriteContext,
): Prepared<T> {
  if (change.subresource === undefined) return prepareMain(kind, change, context);
  return preparePart(kind, change, change.subresource === 'status' ? 'status' : 'spec');
}

function prepareMain<T extends KubernetesObject>(
  kind: Kind<T>,
  { object, previous }: ObjectChange<T>,
  context: WriteContext,
): Prepared<T> {
  object.metadata = keptMeta(object.metadata, previous.metadata);
  if (kind.subresources.status) copyPart(object, previous, 'status');
  kind.defaults(object);
  kind.prepareUpdate(object, previous, context);
  const { generation } = previous.metadata;
  if (generation !== undefined && !equalJson(kind.generationOf?.(object), kind.generationOf?.(previous))) {
    object.metadata.generation = generation + 1;
  }
  return {
    object,
    errors: [
      ...validateMetaUpdate(object.metadata, previous.metadata),
      ...kind.validate(object),
      ...kind.validateUpdate(object, previous),
    ],
    warnings: kind.warnings(object, previous),
  };
}

/** Only that part is validated: the rest already was, perhaps by rules that were other ones. */
function preparePart<T extends KubernetesObject>(
  kind: Kind<T>,
  { object: given, previous }: ObjectChange<T>,
  part: 'spec' | 'status',
): Prepared<T> {
  const object = structuredClone(previous);
  object.metadata = keptMeta(given.metadata, previous.metadata);
  copyPart(object, given, part);
  kind.defaults(object);
  return {
    object,
    errors: [
      ...validateMetaUpdate(object.metadata, previous.metadata),
      ...kind.validate(object).filter((error) => error.field.startsWith(part)),
    ],
    warnings: [],
  };
}

/** Metadata of an update. A client's other uid or name stays in, for validation to refuse. */
function keptMeta(given: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  const { resourceVersion, generation, creationTimestamp } = previous;
  const deleting = previous.deletionTimestamp === undefined ? given : previous;
  return present({
    name: given.name,
    generateName: given.generateName,
    namespace: given.namespace,
    uid: given.uid || previous.uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp: deleting.deletionTimestamp,
    deletionGracePeriodSeconds: deleting.deletionGracePeriodSeconds,
    ...changeable(given),
  });
}

/** Gives `object` that part of `from`, or none. */
function copyPart(object: Parts, from: Parts, part: 'spec' | 'status'): void {
  if (from[part] === undefined) delete object[part];
  else object[part] = structuredClone(from[part]);
}
