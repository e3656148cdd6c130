import type { PodSpec } from '../kubernetes/kinds/core/pod.ts';
import { wholeValue } from '../kubernetes/quantity.ts';
import type { Finding, LinuxParametersPlan, MountPointPlan, VolumePlan } from './plan.ts';
import { placedContainers, type Container, type PlacedContainer, type Volume } from './pod-parts.ts';
import { containerSize, type Size } from './task-size.ts';

type Tmpfs = NonNullable<LinuxParametersPlan['tmpfs']>[number];

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
/** What every Fargate task has, and the most that it can ask for (SDK, EphemeralStorage). */
const givenGiB = 20;
const mostGiB = 200;

export interface VolumesPlan {
  readonly volumes: VolumePlan[];
  readonly ephemeralStorage: { readonly sizeInGiB: number } | undefined;
  mounts(placed: PlacedContainer): { readonly mountPoints: MountPointPlan[]; readonly tmpfs: Tmpfs[] };
  readonly warnings: readonly Finding[];
  readonly refused: readonly Finding[];
}

const isMemory = (volume: Volume): boolean => volume.emptyDir?.medium === 'Memory';

/**
 * The emptyDir volumes of a pod: directories of the task, or memory. A tmpfs belongs to one container, so that a Memory
 * volume which several containers share lies on disk. Other kinds of volumes are decided on in support/volume.ts.
 */
export function translateVolumes(spec: PodSpec, taskSize: Size): VolumesPlan {
  const placed = placedContainers(spec);
  const empty = (spec.volumes ?? [])
    .map((volume, index) => ({ volume, index }))
    .filter(({ volume }) => volume.emptyDir);
  const users = new Map<string, number>();
  for (const { container } of placed) {
    for (const name of new Set(container.volumeMounts?.map((mount) => mount.name))) {
      users.set(name, (users.get(name) ?? 0) + 1);
    }
  }
  const inMemory = new Map(
    empty
      .filter(({ volume }) => isMemory(volume) && (users.get(volume.name) ?? 0) <= 1)
      .map(({ volume }) => [volume.name, volume]),
  );
  const onDisk = empty.filter(({ volume }) => !inMemory.has(volume.name));
  const disk = new Set(onDisk.map(({ volume }) => volume.name));
  const warnings = onDisk.flatMap(({ volume, index }) => diskWarnings(volume, `spec.volumes[${index}].emptyDir`));
  const storage = ephemeralStorage(
    placed.map(({ container }) => container),
    onDisk.map(({ volume }) => volume),
  );
  return {
    volumes: [...disk].map((name) => ({ name })),
    ephemeralStorage: storage.plan,
    mounts: ({ container }) => ({
      mountPoints: (container.volumeMounts ?? [])
        .filter((mount) => disk.has(mount.name))
        .map((mount) => ({
          sourceVolume: mount.name,
          containerPath: mount.mountPath,
          readOnly: mount.readOnly ?? false,
        })),
      tmpfs: (container.volumeMounts ?? []).flatMap((mount) => {
        const volume = inMemory.get(mount.name);
        if (volume === undefined) return [];
        const size = tmpfsSize(volume, container, taskSize);
        return [{ containerPath: mount.mountPath, size, ...(mount.readOnly ? { mountOptions: ['ro'] } : {}) }];
      }),
    }),
    warnings,
    refused: storage.refused,
  };
}

function diskWarnings(volume: Volume, path: string): Finding[] {
  const shared = 'memory cannot be shared between containers: the volume is on disk';
  const unlimited = `the size of a volume on disk is not limited: the task has ${givenGiB} GiB or more for all of them`;
  return [
    ...(isMemory(volume) ? [{ path: `${path}.medium`, message: shared }] : []),
    ...(volume.emptyDir?.sizeLimit === undefined ? [] : [{ path: `${path}.sizeLimit`, message: unlimited }]),
  ];
}

/** MiB. Without a limit, half of the memory that the container may use, as a Linux tmpfs has by itself. */
function tmpfsSize(volume: Volume, container: Container, taskSize: Size): number {
  const limit = volume.emptyDir?.sizeLimit;
  if (limit !== undefined) return Math.max(1, Math.ceil(wholeValue(limit) / mebibyte));
  return Math.ceil((containerSize(container).memoryLimitMiB ?? taskSize.memoryMiB) / 2);
}

function ephemeralStorage(
  containers: readonly Container[],
  onDisk: readonly Volume[],
): { readonly plan: { readonly sizeInGiB: number } | undefined; readonly refused: readonly Finding[] } {
  const ofContainers = containers
    .map(({ resources }) => resources?.limits?.['ephemeral-storage'] ?? resources?.requests?.['ephemeral-storage'])
    .reduce((total, amount) => total + (amount === undefined ? 0 : wholeValue(amount)), 0);
  const ofVolumes = onDisk
    .map(({ emptyDir }) => emptyDir?.sizeLimit)
    .reduce((total: number, limit) => total + (limit === undefined ? 0 : wholeValue(limit)), 0);
  const needed = Math.ceil(Math.max(ofContainers, ofVolumes) / gibibyte);
  if (needed <= givenGiB) return { plan: undefined, refused: [] };
  if (needed <= mostGiB) return { plan: { sizeInGiB: needed }, refused: [] };
  const message = `the pod needs ${needed} GiB of ephemeral storage: a Fargate task has at most ${mostGiB} GiB`;
  return {
    plan: undefined,
    refused: [{ path: ofContainers >= ofVolumes ? 'spec.containers' : 'spec.volumes', message }],
  };
}
