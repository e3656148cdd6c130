import type { z } from 'zod';
import type { FieldError } from './field-errors.ts';
import type { KubernetesObject, ObjectKey } from './object.ts';
import type { Column, RowCondition } from './table.ts';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export const standardVerbs: readonly Verb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

/**
 * All that Skiff knows of a kind, in one value. Shared code asks the kind; it never branches on which kind it is.
 *
 * A write goes: decode by `schema` -> `defaults` -> `prepareCreate` or `prepareUpdate` -> `validate`, and for updates
 * `validateUpdate` -> store. The object given to `defaults` and `prepare…` is a copy that is theirs to change; the others
 * must not change anything.
 */
export interface Kind<T extends KubernetesObject = KubernetesObject> extends KindNames {
  readonly verbs: readonly Verb[];
  /** Every field that exists in Kubernetes. What Skiff does with each is said in translate/support.ts. */
  schema(): z.core.$ZodType<T>;

  /** What is wrong with a name, as the detail of an `Invalid value`; see names.ts. */
  nameProblems(name: string): readonly string[];
  /** Fills what is unset. Done twice, it changes nothing the second time. */
  defaults(object: T): void;
  /** Sets what only the server may set, and drops what the client may not. Common metadata is done before by the API. */
  prepareCreate(object: T, context: PrepareContext): void;
  /** The same for an update of the object itself. Status is already the previous one, for kinds with that subresource. */
  prepareUpdate(object: T, previous: T, context: PrepareContext): void;
  /** Everything wrong with the object but its metadata, all at once. */
  validate(object: T): readonly FieldError[];
  /** What may not change. `validate` is asked too. */
  validateUpdate(object: T, previous: T): readonly FieldError[];
  /** Texts for `Warning:` headers. */
  warnings(object: T, previous?: T): readonly string[];

  /** The part whose change makes a new `metadata.generation`; absent for kinds without generations. */
  generationOf?(object: T): unknown;
  readonly columns: readonly Column<T>[];
  /** The conditions of a row of a Table, beside its cells; absent for kinds whose rows have none. */
  rowConditions?(object: T): readonly RowCondition[];
  /** Field selectors beside metadata.name and metadata.namespace. */
  readonly selectableFields: readonly SelectableField<T>[];
  readonly subresources: Subresources<T>;
  /** Values that only one object may hold at a time, such as cluster IPs and node ports. */
  readonly allocation?: Allocation<T>;
  /**
   * The seconds that a deletion waits for somebody to finish it (pods: to stop); 0 removes the object at once.
   * Absent: deletions are immediate but for finalizers. `asked` is the client's gracePeriodSeconds.
   */
  gracePeriodSeconds?(object: T, asked: number | undefined): number;
  /** What else changes when a deletion only marks the object: a Namespace's phase. */
  prepareDelete?(object: T): void;
  /** Whether something beside `metadata.finalizers` keeps a deleted object: the finalizers in a Namespace's spec. */
  heldBack?(object: T): boolean;
  /** PUT of an object that is not there makes it. */
  readonly createOnUpdate: boolean;
  /** A deleted object leaves a tombstone, so that what was made for it in AWS is removed, whatever happens meanwhile. */
  readonly leavesTombstone: boolean;
  /** What to look at again when an object of this kind is added, changed or deleted. */
  related(object: T, previous: T | undefined): readonly Related[];
}

export interface KindNames {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
}

export interface SelectableField<T> {
  /** `status.phase` */
  readonly path: string;
  value(object: T): string;
}

export interface PrepareContext {
  /** The time of the request as Kubernetes' Time. */
  readonly now: string;
}

export interface Subresources<T> {
  readonly status?: true;
  readonly scale?: Scale<T>;
  /** Further ones by name, for discovery; the API serves those it has a file for. */
  readonly others?: readonly OtherSubresource[];
}

export interface Scale<T> {
  replicas(object: T): number;
  setReplicas(object: T, replicas: number): void;
  statusReplicas(object: T): number;
  /** As a label selector in text form: `app=web,tier in (a,b)`. */
  selector(object: T): string;
}

export interface OtherSubresource {
  readonly name: string;
  readonly verbs: readonly (Verb | 'create' | 'get')[];
  readonly kind: string;
  /** When the body is of another group, such as policy/v1 Eviction. */
  readonly group?: string;
  readonly version?: string;
}

export interface Allocation<T> {
  /** Chooses values for what is unset. `random` gives numbers in [0, 1); called again with others when one was taken. */
  allocate(object: T, random: () => number): void;
  /** What the object holds. */
  held(object: T): readonly Held[];
}

export interface Held {
  /** `clusterIP`, `nodePort` */
  readonly pool: string;
  readonly value: string;
  /** The value as the error shows it, when that is not the text: a number, a list. */
  readonly shown?: unknown;
  readonly field: string;
  /** The detail of the error when it is taken: `provided port is already allocated`. */
  readonly taken: string;
}

/** One object, or all of a resource (in a namespace) that fit. */
export type Related =
  | ObjectKey
  | {
      readonly resource: string;
      readonly namespace?: string;
      readonly where: (candidate: KubernetesObject) => boolean;
    };

type Optional<T extends KubernetesObject> = Partial<
  Pick<
    Kind<T>,
    | 'verbs'
    | 'shortNames'
    | 'categories'
    | 'singular'
    | 'defaults'
    | 'prepareCreate'
    | 'prepareUpdate'
    | 'validate'
    | 'validateUpdate'
    | 'warnings'
    | 'selectableFields'
    | 'subresources'
    | 'createOnUpdate'
    | 'leavesTombstone'
    | 'related'
  >
>;
export type KindDefinition<T extends KubernetesObject> = Omit<Kind<T>, keyof Optional<T>> & Optional<T>;

const nothing = (): void => {};
const none = (): readonly never[] => [];

/** A kind, with what most kinds have filled in. */
export function defineKind<T extends KubernetesObject>(definition: KindDefinition<T>): Kind<T> {
  return {
    verbs: standardVerbs,
    shortNames: [],
    categories: [],
    singular: definition.kind.toLowerCase(),
    defaults: nothing,
    prepareCreate: nothing,
    prepareUpdate: nothing,
    validate: none,
    validateUpdate: none,
    warnings: none,
    selectableFields: [],
    subresources: {},
    createOnUpdate: false,
    leavesTombstone: false,
    related: none,
    ...definition,
  };
}

/** `deployments.apps`, or `pods` in the core group: the `resource` of keys. */
export const resourceOf = (names: Pick<KindNames, 'group' | 'plural'>): string =>
  names.group === '' ? names.plural : `${names.plural}.${names.group}`;

/** `apps/v1`, or `v1` in the core group. */
export const apiVersionOf = (names: Pick<KindNames, 'group' | 'version'>): string =>
  names.group === '' ? names.version : `${names.group}/${names.version}`;

/** The key of an object of this kind. */
export const keyOf = (names: KindNames, object: Pick<KubernetesObject, 'metadata'>): ObjectKey => ({
  resource: resourceOf(names),
  namespace: names.namespaced ? (object.metadata.namespace ?? '') : '',
  name: object.metadata.name ?? '',
});
