import { at, forbidden, invalid, required, tooLong, tooMany, under, type FieldError } from './field-errors.ts';
import type { KindNames } from './kind.ts';
import { labelValueProblems, qualifiedNameProblems } from './label.ts';
import { checked } from './field-rules.ts';
import { labelProblems, lengthProblems } from './names.ts';
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from './object-meta.ts';
import { maximumOwners } from './limits.ts';
import { equalJson } from './json-value.ts';
import { show } from './shown-value.ts';

/** What the rules for metadata depend on. */
interface NamingRules extends Pick<KindNames, 'namespaced'> {
  nameProblems(name: string): readonly string[];
}

const maximumAnnotationBytes = 256 * 1024;

/** Everything wrong with the metadata of a new object; rules and texts are those of apimachinery's validation. */
export const validateMeta = (rules: NamingRules, meta: ObjectMeta): readonly FieldError[] => [
  ...validateName(rules, meta),
  ...validateNamespace(rules, meta),
  ...validateContent(meta),
];

/** Everything wrong with the metadata of a changed object, including what may not change. */
export function validateMetaUpdate(meta: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  return [
    ...(previous.deletionTimestamp === undefined ? [] : newFinalizers(meta, previous)),
    ...immutableFields
      .filter((field) => !equalJson(meta[field], previous[field]))
      .map((field) => invalid(`metadata.${field}`, meta[field] ?? '', 'field is immutable')),
    ...validateContent(meta),
  ];
}

const immutableFields = ['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

function newFinalizers(meta: ObjectMeta, previous: ObjectMeta): readonly FieldError[] {
  const before = new Set(previous.finalizers);
  const added = (meta.finalizers ?? []).filter((each) => !before.has(each)).sort();
  if (added.length === 0) return [];
  const detail = `no new finalizers can be added if the object is being deleted, found new finalizers ${show(added)}`;
  return [forbidden('metadata.finalizers', detail)];
}

function validateName(rules: NamingRules, { name, generateName }: ObjectMeta): readonly FieldError[] {
  const prefixProblems = generateName ? rules.nameProblems(completed(generateName)) : [];
  return [
    ...prefixProblems.map((problem) => invalid('metadata.generateName', generateName, problem)),
    ...(name
      ? rules.nameProblems(name).map((problem) => invalid('metadata.name', name, problem))
      : [required('metadata.name', 'name or generateName is required')]),
  ];
}

/** A prefix may end in a dash, since characters will follow it. */
const completed = (prefix: string): string => (/.-$/.test(prefix) ? `${prefix.slice(0, -2)}a` : prefix);

function validateNamespace({ namespaced }: NamingRules, { namespace }: ObjectMeta): readonly FieldError[] {
  if (!namespaced) return namespace ? [forbidden('metadata.namespace', 'not allowed on this type')] : [];
  if (!namespace) return [required('metadata.namespace')];
  return labelProblems(namespace).map((problem) => invalid('metadata.namespace', namespace, problem));
}

const validateContent = (meta: ObjectMeta): readonly FieldError[] => [
  ...validateLabels(meta.labels, 'metadata.labels'),
  ...validateAnnotations(meta.annotations, 'metadata.annotations'),
  ...validateOwners(meta.ownerReferences ?? []),
  ...validateFinalizers(meta.finalizers ?? [], 'metadata.finalizers'),
  ...validateManagers(meta.managedFields ?? [], 'metadata.managedFields'),
];

/** What is wrong with labels; `path` is where they stand. */
export const validateLabels = (labels: Readonly<Record<string, string>> | undefined, path: string): FieldError[] =>
  Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalid(path, key, problem)),
    ...labelValueProblems(value).map((problem) => invalid(path, value, problem)),
  ]);

/** What is wrong with annotations: their keys may be in upper case, their values anything, up to 256 KiB in all. */
export function validateAnnotations(
  annotations: Readonly<Record<string, string>> | undefined,
  path: string,
): FieldError[] {
  const entries = Object.entries(annotations ?? {});
  const bytes = byteLength(entries.flat().join(''));
  return [
    ...entries.flatMap(([key]) =>
      qualifiedNameProblems(key.toLowerCase()).map((problem) => invalid(path, key, problem)),
    ),
    ...(bytes > maximumAnnotationBytes ? [tooLong(path, maximumAnnotationBytes)] : []),
  ];
}

const encoder = new TextEncoder();

/** The length of a text in UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length;

function validateOwners(owners: readonly OwnerReference[]): readonly FieldError[] {
  const path = 'metadata.ownerReferences';
  if (owners.length > maximumOwners) return [tooMany(path, owners.length, maximumOwners)];
  return [...owners.flatMap((owner, index) => validateOwner(owner, at(path, index))), ...oneController(owners, path)];
}

/** A kube-apiserver says it again, with all references, for each controller after the second. */
function oneController(owners: readonly OwnerReference[], path: string): readonly FieldError[] {
  const [first, second] = owners
    .filter(({ controller }) => controller === true)
    .map(({ kind, name }) => `${kind}/${name}`);
  if (second === undefined) return [];
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [invalid(path, { goSyntax: `[]v1.OwnerReference{${owners.map(ownerInGo).join(', ')}}` }, detail)];
}

function validateOwner(owner: OwnerReference, path: string): readonly FieldError[] {
  // A kube-apiserver has no limits here; they are those of what an owner can be called.
  const text = (field: 'kind' | 'name' | 'uid', maximum: number): readonly FieldError[] =>
    owner[field] === ''
      ? [invalid(under(path, field), '', 'must not be empty')]
      : checked(under(path, field), owner[field], (value) => lengthProblems(value, maximum));
  const isEvent = owner.apiVersion === 'v1' && owner.kind === 'Event';
  return [
    ...(/[^/]$/.test(owner.apiVersion)
      ? []
      : [invalid(under(path, 'apiVersion'), owner.apiVersion, 'version must not be empty')]),
    ...checked(under(path, 'apiVersion'), owner.apiVersion, (value) => lengthProblems(value, 253)),
    ...text('kind', 63),
    ...text('name', 253),
    ...text('uid', 128),
    ...(isEvent
      ? [invalid(path, { goSyntax: ownerInGo(owner) }, '/v1, Kind=Event is disallowed from being an owner')]
      : []),
  ];
}

/** Pointers print as addresses in Go; here an unset one is nil, and a set one an address that means nothing. */
function ownerInGo(owner: OwnerReference): string {
  const pointer = (value: boolean | undefined): string => `(*bool)(${value === undefined ? 'nil' : '0x0'})`;
  const texts = [`APIVersion:${JSON.stringify(owner.apiVersion)}`, `Kind:${JSON.stringify(owner.kind)}`];
  const names = [`Name:${JSON.stringify(owner.name)}`, `UID:${JSON.stringify(owner.uid)}`];
  const flags = [`Controller:${pointer(owner.controller)}`, `BlockOwnerDeletion:${pointer(owner.blockOwnerDeletion)}`];
  return `v1.OwnerReference{${[...texts, ...names, ...flags].join(', ')}}`;
}

const standardFinalizers: readonly string[] = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** What is wrong with finalizers: names with a prefix, or those of Kubernetes itself. */
export function validateFinalizers(finalizers: readonly string[], path: string): readonly FieldError[] {
  const both = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion');
  return [
    ...finalizers.flatMap((each) => qualifiedNameProblems(each).map((problem) => invalid(path, each, problem))),
    ...(both ? [invalid(path, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')] : []),
    ...finalizers.flatMap((each, index) =>
      each.includes('/') || standardFinalizers.includes(each)
        ? []
        : [invalid(at(path, index), each, 'name is neither a standard finalizer name nor is it fully qualified')],
    ),
  ];
}

export const maximumManagerBytes = 128;
const maximumSubresourceBytes = 256;

/** What is wrong with a manager's name. */
export const managerProblems = (manager: string, path: string): readonly FieldError[] => [
  ...(byteLength(manager) > maximumManagerBytes ? [tooLong(path, maximumManagerBytes)] : []),
  ...(/\p{Cc}/u.test(manager) ? [invalid(path, manager, 'should only contain printable characters')] : []),
];

/** Entries that make no sense otherwise are not refused, but not believed (see `managed-fields/`). */
const validateManagers = (entries: readonly ManagedFieldsEntry[], path: string): readonly FieldError[] =>
  entries.flatMap(({ manager = '', subresource = '' }, index) => [
    ...managerProblems(manager, under(at(path, index), 'manager')),
    ...(byteLength(subresource) > maximumSubresourceBytes
      ? [tooLong(under(at(path, index), 'subresource'), maximumSubresourceBytes)]
      : []),
  ]);
