import type { PodSpec } from '../kubernetes/kinds/core/pod.ts';
import type { Finding, LinuxParametersPlan } from './plan.ts';
import type { PlacedContainer } from './pod-parts.ts';
import { defaultCapabilities } from './support/container.ts';

type PodSecurity = NonNullable<PodSpec['securityContext']> | undefined;

export interface UserPlan {
  /** `uid` or `uid:gid` */
  readonly user: string | undefined;
  readonly warnings: readonly Finding[];
  readonly refused: readonly Finding[];
}

/** The user of a container: what the container says goes before what the pod says. */
export function translateUser({ container, path }: PlacedContainer, pod: PodSecurity): UserPlan {
  const own = container.securityContext;
  const { runAsUser: uid, runAsGroup: gid, runAsNonRoot: notRoot = false } = { ...pod, ...defined(own) };
  const at = (field: 'runAsGroup' | 'runAsNonRoot'): string =>
    own?.[field] === undefined ? `spec.securityContext.${field}` : `${path}.securityContext.${field}`;
  const warnings: Finding[] = [];
  if (uid === undefined && gid !== undefined) {
    const message = 'ECS sets a group only together with a user: the container runs with the group that its image says';
    warnings.push({ path: at('runAsGroup'), message });
  }
  if (notRoot && uid === undefined) {
    const message = 'not checked, since only the image says as whom the container runs';
    warnings.push({ path: at('runAsNonRoot'), message });
  }
  const refused =
    notRoot && uid === 0 ? [{ path: at('runAsNonRoot'), message: "container's runAsUser breaks non-root policy" }] : [];
  return {
    user: uid === undefined ? undefined : [uid, ...(gid === undefined ? [] : [gid])].join(':'),
    warnings,
    refused,
  };
}

/** The fields that are set. */
const defined = <T extends object>(value: T | undefined): Partial<T> =>
  Object.fromEntries(Object.entries(value ?? {}).filter(([, field]) => field !== undefined)) as Partial<T>;

type Capabilities = NonNullable<LinuxParametersPlan['capabilities']>;

/**
 * Capabilities of a container. Fargate adds none but SYS_PTRACE; one of those that every container has by itself is kept
 * by leaving it out of what is dropped, so that `drop: [ALL], add: [NET_BIND_SERVICE]` works.
 */
export function translateCapabilities({ container }: PlacedContainer): Capabilities | undefined {
  const capabilities = container.securityContext?.capabilities;
  const wanted = capabilities?.add ?? [];
  const dropped = capabilities?.drop ?? [];
  const add = wanted.filter((capability) => capability === 'SYS_PTRACE');
  const kept = wanted.filter((capability) => defaultCapabilities.includes(capability));
  const all = dropped.includes('ALL') && kept.length > 0;
  const drop = (all ? defaultCapabilities : dropped).filter((capability) => !kept.includes(capability));
  if (add.length === 0 && drop.length === 0) return undefined;
  return { ...(add.length === 0 ? {} : { add }), ...(drop.length === 0 ? {} : { drop }) };
}
