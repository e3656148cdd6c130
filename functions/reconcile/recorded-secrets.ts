import { withoutKeys } from '../../kubernetes/annotations.ts';
import { secret } from '../../kubernetes/kinds/core/secret.ts';
import type { Noted, Notes } from '../../kubernetes/notes.ts';
import type { Context } from '../context.ts';
import { keyFor } from '../read-objects.ts';

/** What is noted of an object about the secrets that its template needs. */
const keys = {
  /** Names in Secrets Manager, of the present template. */
  present: 'secrets',
  /** Of former templates, of which tasks may still run. */
  former: 'former-secrets',
  /** Uids of the objects in their tags: of the Deployment, where the secrets are a ReplicaSet's. */
  owners: 'secret-owners',
  /** imagePullSecrets that were not there when its task definition was registered. */
  missing: 'missing-pull-secrets',
} as const;

const listed = (notes: Notes, key: keyof typeof keys): string[] =>
  (notes[keys[key]] ?? '').split(',').filter((name) => name !== '');

const written = (notes: Notes, key: keyof typeof keys, names: Iterable<string>): Notes => {
  const rest = withoutKeys(notes, [keys[key]]);
  const text = [...new Set(names)].join(',');
  return text === '' ? rest : { ...rest, [keys[key]]: text };
};

/** All secrets that were made for an object, or may have been. */
export const recordedSecrets = ({ notes }: { readonly notes: Notes }): string[] => [
  ...new Set([...listed(notes, 'present'), ...listed(notes, 'former')]),
];

/** Uids of the objects that they were made for. */
export const secretOwners = ({ notes }: { readonly notes: Notes }): string[] => listed(notes, 'owners');

const withOwner = (notes: Notes, owner: string): Notes => written(notes, 'owners', [...listed(notes, 'owners'), owner]);

/** Adds to the secrets of a revision. */
export const withSecrets = (notes: Notes, owner: string, names: readonly string[]): Notes =>
  written(withOwner(notes, owner), 'present', [...listed(notes, 'present'), ...names]);

/** The secrets of a new template; those of the one before are former ones. */
export function withNewSecrets(notes: Notes, owner: string, names: readonly string[]): Notes {
  const former = [...listed(notes, 'former'), ...listed(notes, 'present')].filter((name) => !names.includes(name));
  return written(written(withOwner(notes, owner), 'former', former), 'present', names);
}

/** Former secrets, when nothing of former templates runs any more, and the notes without them. */
export const dropFormerSecrets = (notes: Notes): { readonly names: string[]; readonly rest: Notes } => ({
  names: listed(notes, 'former'),
  rest: written(notes, 'former', []),
});

/** Which imagePullSecrets the task definition was made without. */
export const withMissing = (notes: Notes, names: readonly string[]): Notes => written(notes, 'missing', names);

/** Whether one of the imagePullSecrets that were missing is there now. */
export async function haveCome(context: Context, { metadata, notes }: Noted): Promise<boolean> {
  for (const name of listed(notes, 'missing')) {
    if ((await context.store.get(keyFor(secret, metadata.namespace ?? '', name))) !== undefined) return true;
  }
  return false;
}
