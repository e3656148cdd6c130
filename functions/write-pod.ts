import { pod as podKind, type Pod } from '../kubernetes/kinds/core/pod.ts';
import { keyOf } from '../kubernetes/kind.ts';
import { canonical, sameValue } from '../kubernetes/write/canonical.ts';
import type { Context } from './context.ts';

/**
 * Changes a Pod as scheduler and kubelet do: node, status and annotations in one write, past the rules for clients. Only
 * while it is the same Pod (by uid). Answers it as it is then, undefined when it is gone.
 */
export async function writePod(context: Context, pod: Pod, change: (current: Pod) => Pod): Promise<Pod | undefined> {
  const key = keyOf(podKind, pod);
  for (;;) {
    const record = await context.store.get(key);
    if (record === undefined || record.uid !== pod.metadata.uid) return undefined;
    const next = change(record.parse<Pod>());
    if (sameValue(next, record.parse())) return next;
    const written = await context.store.update(key, canonical(next), record.revision);
    if (written.ok) return written.object.parse<Pod>();
  }
}
