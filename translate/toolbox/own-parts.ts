import type { PodSpec } from '../../kubernetes/kinds/core/pod.ts';
import type { Finding, MountPointPlan, VolumePlan } from '../plan.ts';
import { placedContainers } from '../pod-parts.ts';

/** What Skiff puts into every task for itself, by name: containers, volumes, and where those are mounted. */
export const toolboxContainer = 'skiff-toolbox';
export const readinessContainer = 'skiff-readiness';
const binaryVolume = 'skiff-toolbox';
const stateVolume = 'skiff-state';
/** The busybox, read-only in all containers but the one that brings it. */
export const binaryDirectory = '/.skiff';
/** What the probes have found, a file for each container. All may write, since containers run as any user. */
export const stateDirectory = '/.skiff-state';

export const busybox = `${binaryDirectory}/busybox`;

/** Whether a container of a task is Skiff's own, and none of the pod's. */
export const isOwnContainer = (name: string): boolean => name === toolboxContainer || name === readinessContainer;

export const ownVolumes = (): VolumePlan[] => [{ name: binaryVolume }, { name: stateVolume }];

/** The mounts of both volumes. */
export const ownMounts = ({ readOnlyBinary }: { readonly readOnlyBinary: boolean }): MountPointPlan[] => [
  { sourceVolume: binaryVolume, containerPath: binaryDirectory, readOnly: readOnlyBinary },
  { sourceVolume: stateVolume, containerPath: stateDirectory, readOnly: false },
];

export const stateMount = (): MountPointPlan => ({
  sourceVolume: stateVolume,
  containerPath: stateDirectory,
  readOnly: true,
});

const isOwnPath = (path: string): boolean =>
  [binaryDirectory, stateDirectory].some((own) => path === own || path.startsWith(`${own}/`));

/** Names and places that a pod may not have, because they are Skiff's. */
export function takenNames(spec: PodSpec): Finding[] {
  const refuse = (path: string, value: string): Finding => ({ path, message: `${value} is kept for Skiff's own use` });
  const containers = placedContainers(spec).flatMap(({ container, path }) => [
    ...(isOwnContainer(container.name) ? [refuse(`${path}.name`, container.name)] : []),
    ...(container.volumeMounts ?? []).flatMap(({ mountPath }, index) =>
      isOwnPath(mountPath) ? [refuse(`${path}.volumeMounts[${index}].mountPath`, mountPath)] : [],
    ),
  ]);
  const volumes = (spec.volumes ?? []).flatMap(({ name }, index) =>
    name === binaryVolume || name === stateVolume ? [refuse(`spec.volumes[${index}].name`, name)] : [],
  );
  return [...containers, ...volumes];
}
