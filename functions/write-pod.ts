import { pod as podKind, type Pod } from '../kubernetes/kinds/core/pod.ts';
import { keyOf } from '../kubernetes/kind.ts';
import { type Noted, parseNoted } from '../kubernetes/notes.ts';
import { sameValue } from '../kubernetes/write/canonical.ts';
import type { Context } from './context.ts';
import { writeNoted } from './write-noted.ts';

/**
 * Changes a Pod as scheduler and kubelet do: node, status and notes in one write, past the rules for clients. Only
 * while it is the same Pod (by uid). Answers it as it is then, undefined when it is gone.
 */
export async function writePod(
  context: Context,
  pod: Pod,
  change: (current: Noted<Pod>) => Noted<Pod>,
): Promise<Noted<Pod> | undefined> {
  const key = keyOf(podKind, pod);
  for (;;) {
    const record = await context.store.get(key);
    if (record === undefined || record.uid !== pod.metadata.uid) return undefined;
    const next = change(parseNoted<Pod>(record));
    if (sameValue(next, parseNoted(record))) return next;
    const written = await writeNoted(context, { key, noted: next, revision: record.revision });
    if (written !== undefined) return parseNoted<Pod>(written);
  }
}
