import { resourceOf, type Kind } from '../../../kubernetes/kind.ts';
import { formatKey, type ObjectKey } from '../../../kubernetes/object.ts';
import { kinds } from '../../../kubernetes/registry.ts';
import type { Store } from '../../../kubernetes/store/store.ts';

/** Names the set of objects that are applied together, so that what leaves the set can be told from what never was in it. */
export const setLabel = 'skiff.dev/applied-set';

export interface Stranger {
  readonly kind: Kind;
  readonly key: ObjectKey;
}

/** The objects of a set that were not applied this time. Those that are going already are left out. */
export async function strangers(
  store: Store,
  set: string,
  applied: readonly ObjectKey[],
): Promise<readonly Stranger[]> {
  const known = new Set(applied.map(formatKey));
  const found: Stranger[] = [];
  for (const kind of kinds.filter(({ verbs }) => verbs.includes('delete'))) {
    const page = await store.list({ resource: resourceOf(kind), where: ({ labels }) => labels[setLabel] === set });
    if (!page.ok) throw new Error(`the newest state of ${resourceOf(kind)} is not kept`);
    for (const record of page.items) {
      const stays = known.has(formatKey(record.key)) || record.parse().metadata.deletionTimestamp !== undefined;
      if (!stays) found.push({ kind, key: record.key });
    }
  }
  return found;
}
