import type { PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { sameValue } from '../../../kubernetes/write/canonical.ts';

export const hashLabel = 'pod-template-hash';

/** Kubernetes writes each decimal digit of the hash as one of these (SafeEncodeString in apimachinery/util/rand). */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

/**
 * The hash of a pod template as it stands in names and labels. Made as Kubernetes makes it, FNV-1a of 32 bits, but over
 * the JSON of the template: clients never compute it. `collisions` makes it another one when a name is taken.
 */
export function templateHash(template: PodTemplateSpec, collisions: number): string {
  let hash = 0x811c9dc5;
  const text = JSON.stringify(sorted(template)) + (collisions === 0 ? '' : String(collisions));
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  const digits = new TextEncoder().encode(String(hash >>> 0));
  return Array.from(digits, (digit) => alphabet[digit % alphabet.length] ?? '').join('');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, sorted(member)]),
  );
}

/** The template with the label that tells its revision's pods from others. */
export const withHashLabel = (template: PodTemplateSpec, hash: string): PodTemplateSpec => ({
  ...template,
  metadata: { ...template.metadata, labels: { ...template.metadata?.labels, [hashLabel]: hash } },
});

/** Whether two templates are the same revision: equal but for the hash label. */
export const sameTemplate = (a: PodTemplateSpec, b: PodTemplateSpec): boolean =>
  sameValue(withoutHash(a), withoutHash(b));

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
