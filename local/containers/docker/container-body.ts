import type { ContainerDefinition, SystemControl, TaskDefinition } from '@aws-sdk/client-ecs';
import type { RuntimeContainer, RuntimeTask } from '../runtime.ts';
import type { Image } from './images.ts';
import { attemptLabel, containerLabel, type Ownership, taskLabel, taskName, unsaid } from './labels.ts';

const mebibyte = 2 ** 20;
/** The least that Linux's cgroups and Docker take. */
const leastShares = 2;
const leastMemoryMiB = 6;

/** The engine's name for a volume of a task. */
export const volumeName = (ownership: Ownership, taskId: string, volume: string): string =>
  `${taskName(ownership, taskId)}-${volume}`;

/** The container that keeps a task's network namespace and does nothing else. It has to end by SIGKILL. */
export const pauseBody = (
  { taskId, taskDefinition }: RuntimeTask,
  { ownership, image, network }: { readonly ownership: Ownership; readonly image: string; readonly network: string },
): object => ({
  Image: image,
  Entrypoint: ['/bin/busybox', 'sleep', '2147483647'],
  Cmd: [],
  StopSignal: 'SIGKILL',
  Labels: { ...unsaid, ...ownership.labels, [taskLabel]: taskId },
  HostConfig: {
    NetworkMode: network,
    Sysctls: sysctls(taskDefinition, isNetworkControl),
    LogConfig: logConfig,
  },
});

export interface ContainerSource {
  readonly ownership: Ownership;
  readonly taskDefinition: TaskDefinition;
  readonly image: Image;
  /** The engine's id of the container that keeps the task's network. */
  readonly pause: string;
  readonly attempt: number;
}

/** A container as the engine's API makes it (Docker Engine API 1.41, ContainerCreate). */
export function containerBody(container: RuntimeContainer, source: ContainerSource): object {
  const { definition, taskId, name } = container;
  const { ownership, attempt } = source;
  return {
    Image: source.image.id,
    ...unlessEmpty('Entrypoint', definition.entryPoint),
    ...unlessEmpty('Cmd', definition.command),
    Env: (definition.environment ?? []).map((variable) => `${variable.name ?? ''}=${variable.value ?? ''}`),
    ...(definition.user === undefined ? {} : { User: definition.user }),
    ...(definition.workingDirectory === undefined ? {} : { WorkingDir: definition.workingDirectory }),
    Tty: definition.pseudoTerminal ?? false,
    OpenStdin: definition.interactive ?? false,
    ...(definition.stopTimeout === undefined ? {} : { StopTimeout: definition.stopTimeout }),
    Labels: {
      ...definition.dockerLabels,
      ...unsaid,
      ...ownership.labels,
      [taskLabel]: taskId,
      [containerLabel]: name,
      [attemptLabel]: String(attempt),
    },
    // ECS ignores an image's own check.
    ...(source.image.checked ? { Healthcheck: { Test: ['NONE'] } } : {}),
    HostConfig: hostConfig(container, source),
  };
}

function hostConfig({ definition, taskId }: RuntimeContainer, source: ContainerSource): object {
  const { capabilities, tmpfs = [], initProcessEnabled } = definition.linuxParameters ?? {};
  const { taskDefinition, ownership, pause } = source;
  return {
    NetworkMode: `container:${pause}`,
    ...(taskDefinition.pidMode === 'task' ? { PidMode: `container:${pause}` } : {}),
    ...memory(definition, taskDefinition),
    ...(definition.cpu === undefined ? {} : { CpuShares: Math.max(leastShares, definition.cpu) }),
    ReadonlyRootfs: definition.readonlyRootFilesystem ?? false,
    ...unlessEmpty('CapAdd', capabilities?.add),
    ...unlessEmpty('CapDrop', capabilities?.drop),
    Tmpfs: Object.fromEntries(
      tmpfs.map(({ containerPath = '', size, mountOptions = [] }) => [
        containerPath,
        [`size=${size ?? 0}m`, ...mountOptions].join(','),
      ]),
    ),
    ...unlessEmpty(
      'Ulimits',
      definition.ulimits?.map(({ name, softLimit, hardLimit }) => ({ Name: name, Soft: softLimit, Hard: hardLimit })),
    ),
    Binds: (definition.mountPoints ?? []).map(
      ({ sourceVolume = '', containerPath = '', readOnly }) =>
        `${volumeName(ownership, taskId, sourceVolume)}:${containerPath}${readOnly === true ? ':ro' : ''}`,
    ),
    Sysctls: sysctls({ containerDefinitions: [definition] }, (control) => !isNetworkControl(control)),
    ...(initProcessEnabled === true ? { Init: true } : {}),
    // Whatever the engine's own setting: these can be read back.
    LogConfig: logConfig,
  };
}

const logConfig = { Type: 'json-file', Config: {} };

/** What a container may take at most is its own limit, or the whole task's. Nothing is swapped: Fargate has no swap. */
function memory(definition: ContainerDefinition, taskDefinition: TaskDefinition): object {
  const most = definition.memory ?? Number(taskDefinition.memory ?? 0);
  if (most === 0) return {};
  const bytes = Math.max(leastMemoryMiB, most) * mebibyte;
  const reserved = definition.memoryReservation;
  return {
    Memory: bytes,
    MemorySwap: bytes,
    ...(reserved === undefined ? {} : { MemoryReservation: Math.max(leastMemoryMiB, reserved) * mebibyte }),
  };
}

/** The network's settings belong to the task. */
const isNetworkControl = ({ namespace }: SystemControl): boolean => namespace?.startsWith('net.') === true;

const sysctls = (
  { containerDefinitions = [] }: TaskDefinition,
  wanted: (control: SystemControl) => boolean,
): Record<string, string> =>
  Object.fromEntries(
    containerDefinitions
      .flatMap(({ systemControls = [] }) => systemControls)
      .filter(wanted)
      .map(({ namespace = '', value = '' }) => [namespace, value]),
  );

const unlessEmpty = (key: string, list: readonly unknown[] | undefined): object =>
  list === undefined || list.length === 0 ? {} : { [key]: list };
