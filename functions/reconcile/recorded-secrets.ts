import { withoutKeys } from '../../kubernetes/annotations.ts';
import { secret } from '../../kubernetes/kinds/core/secret.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import type { Context } from '../context.ts';
import { keyFor } from '../read-objects.ts';

/** What an object remembers of the secrets that its template needs, in its annotations. */
const annotations = {
  /** Names in Secrets Manager, of the present template. */
  present: 'skiff.dev/secrets',
  /** Of former templates, of which tasks may still run. */
  former: 'skiff.dev/former-secrets',
  /** imagePullSecrets that were not there when its task definition was registered. */
  missing: 'skiff.dev/missing-pull-secrets',
} as const;

type Given = Readonly<Record<string, string>> | undefined;

const listed = (given: Given, key: keyof typeof annotations): string[] =>
  (given?.[annotations[key]] ?? '').split(',').filter((name) => name !== '');

const written = (given: Given, key: keyof typeof annotations, names: Iterable<string>): Record<string, string> => {
  const rest = withoutKeys(given, [annotations[key]]);
  const text = [...new Set(names)].join(',');
  return text === '' ? rest : { ...rest, [annotations[key]]: text };
};

/** All secrets that were made for an object, or may have been. */
export const recordedSecrets = ({ metadata }: Pick<KubernetesObject, 'metadata'>): string[] => [
  ...new Set([...listed(metadata.annotations, 'present'), ...listed(metadata.annotations, 'former')]),
];

/** Adds to the secrets of a revision. */
export const withSecrets = (given: Given, names: readonly string[]): Record<string, string> =>
  written(given, 'present', [...listed(given, 'present'), ...names]);

/** The secrets of a new template; those of the one before are former ones. */
export function withNewSecrets(given: Given, names: readonly string[]): Record<string, string> {
  const former = [...listed(given, 'former'), ...listed(given, 'present')].filter((name) => !names.includes(name));
  return written(written(given, 'former', former), 'present', names);
}

/** Former secrets, when nothing of former templates runs any more, and the annotations without them. */
export const dropFormerSecrets = (
  given: Given,
): { readonly names: string[]; readonly rest: Record<string, string> } => ({
  names: listed(given, 'former'),
  rest: written(given, 'former', []),
});

/** Which imagePullSecrets the task definition was made without. */
export const withMissing = (given: Given, names: readonly string[]): Record<string, string> =>
  written(given, 'missing', names);

/** Whether one of the imagePullSecrets that were missing is there now. */
export async function haveCome(context: Context, { metadata }: Pick<KubernetesObject, 'metadata'>): Promise<boolean> {
  for (const name of listed(metadata.annotations, 'missing')) {
    if ((await context.store.get(keyFor(secret, metadata.namespace ?? '', name))) !== undefined) return true;
  }
  return false;
}
