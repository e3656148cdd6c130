import { labelProblems } from '../../names.ts';
import type { ObjectMeta } from '../../object-meta.ts';

/** Names of pods become host names, and so had better be DNS labels. `use` is what the name is used in. */
export function nameWarnings({ name = '', resourceVersion }: ObjectMeta, use: string): readonly string[] {
  // Only told when the object is made; there is no revision yet.
  const problems = resourceVersion === undefined ? labelProblems(name) : [];
  if (problems.length === 0) return [];
  const text = 'which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: this is used in ${use}, ${text}: [${problems.join(' ')}]`];
}
