import type { PodSpec } from '../kubernetes/kinds/core/pod.ts';

/** Parts of the pod spec by their names. */
export type Container = PodSpec['containers'][number];
export type Volume = NonNullable<PodSpec['volumes']>[number];
export type Probe = NonNullable<Container['livenessProbe']>;
export type EnvVar = NonNullable<Container['env']>[number];

/** An init container that goes on running beside the others (KEP-753). */
export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** A container with where it stands in the pod template. */
export interface PlacedContainer {
  readonly container: Container;
  /** `spec.initContainers[0]` */
  readonly path: string;
  readonly role: 'init' | 'sidecar' | 'main';
}

/** All containers, in the order in which they start. */
export const placedContainers = (spec: PodSpec): readonly PlacedContainer[] => [
  ...(spec.initContainers ?? []).map((container, index) => ({
    container,
    path: `spec.initContainers[${index}]`,
    role: isSidecar(container) ? ('sidecar' as const) : ('init' as const),
  })),
  ...spec.containers.map((container, index) => ({
    container,
    path: `spec.containers[${index}]`,
    role: 'main' as const,
  })),
];
