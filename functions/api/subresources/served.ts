import type { Kind, Verb } from '../../../kubernetes/kind.ts';
import { eviction } from './eviction.ts';
import { finalize } from './finalize.ts';
import { log } from './log.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import type { Subresource } from './subresource.ts';
import { upgraded } from './upgraded.ts';

/** By name. */
const implementations: Readonly<Record<string, Subresource>> = {
  attach: upgraded,
  eviction,
  exec: upgraded,
  finalize,
  log,
  portforward: upgraded,
  scale,
  status,
};

export interface ServedSubresource {
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** The kind of its body, with group and version when they are not the resource's own. */
  readonly kind: string;
  readonly group?: string;
  readonly version?: string;
  readonly handlers: Subresource;
}

/** The subresources of a kind that there is code for, by name. */
export function servedSubresources(kind: Kind): readonly ServedSubresource[] {
  const { status: hasStatus, scale: hasScale, others = [] } = kind.subresources;
  const own = [
    ...(hasStatus ? [{ name: 'status', kind: kind.kind }] : []),
    ...(hasScale ? [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1' }] : []),
    ...others,
  ];
  return own
    .flatMap((each) => {
      const handlers = Object.hasOwn(implementations, each.name) ? implementations[each.name] : undefined;
      if (handlers === undefined) return [];
      const verbs = (['create', 'get', 'patch', 'update'] as const).filter((verb) => handlers[verb] !== undefined);
      return [{ ...each, verbs, handlers }];
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
