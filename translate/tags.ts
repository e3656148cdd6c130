import type { Installation } from './installation.ts';
import type { Owner, TagPlan } from './plan.ts';

/** Tag keys. All of Skiff's begin with `skiff.dev/`. */
export const tagKeys = {
  installation: 'skiff.dev/installation',
  /** `runtime`: made by the reconcilers; `cloudformation`: made by a stack, and left alone by them. */
  manager: 'skiff.dev/manager',
  kind: 'skiff.dev/kind',
  namespace: 'skiff.dev/namespace',
  name: 'skiff.dev/name',
  uid: 'skiff.dev/uid',
  /** The ReplicaSet, or other revision, that a task definition was registered for. */
  revision: 'skiff.dev/revision',
  /** Hash of a task definition's content. */
  hash: 'skiff.dev/hash',
} as const;

/** Whose a resource is. Names of Kubernetes fit the 256 characters and the alphabet of a tag's value. */
export const ownershipTags = (
  installation: Pick<Installation, 'name'>,
  owner: Owner,
  manager: 'runtime' | 'cloudformation' = 'runtime',
): TagPlan[] => [
  { key: tagKeys.installation, value: installation.name },
  { key: tagKeys.manager, value: manager },
  { key: tagKeys.kind, value: owner.kind },
  { key: tagKeys.namespace, value: owner.namespace },
  { key: tagKeys.name, value: owner.name },
  { key: tagKeys.uid, value: owner.uid },
];

/** Whose a resource is, and of which of its revisions. */
export interface OwnerOfTags extends Owner {
  readonly installation: string;
  readonly manager: string;
  readonly revision: string | undefined;
}

/** Reads ownershipTags back; undefined when they are not (all) there. */
export function ownerOfTags(
  tags:
    | Readonly<Record<string, string>>
    | readonly { readonly key?: string | undefined; readonly value?: string | undefined }[],
): OwnerOfTags | undefined {
  const read = (key: string): string | undefined =>
    Array.isArray(tags) ? tags.find((tag) => tag.key === key)?.value : (tags as Readonly<Record<string, string>>)[key];
  const installation = read(tagKeys.installation);
  const kind = read(tagKeys.kind);
  const namespace = read(tagKeys.namespace);
  const name = read(tagKeys.name);
  const uid = read(tagKeys.uid);
  if (installation === undefined || kind === undefined || namespace === undefined) return undefined;
  if (name === undefined || uid === undefined) return undefined;
  const manager = read(tagKeys.manager) ?? 'runtime';
  return { installation, manager, kind, namespace, name, uid, revision: read(tagKeys.revision) };
}
