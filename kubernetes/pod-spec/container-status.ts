import { z } from 'zod';
import { once } from '../once.ts';
import { atomicList, int32, int64, mapList, quantity, struct, time } from '../schema.ts';
import { resourceRequirements } from './resources.ts';

const core = 'io.k8s.api.core.v1';

export const containerStateWaiting = once(() =>
  struct(`${core}.ContainerStateWaiting`, {
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

export const containerStateRunning = once(() =>
  struct(`${core}.ContainerStateRunning`, {
    startedAt: time().optional(),
  }),
);

export const containerStateTerminated = once(() =>
  struct(`${core}.ContainerStateTerminated`, {
    exitCode: int32(),
    signal: int32().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
    startedAt: time().nullable().optional(),
    finishedAt: time().nullable().optional(),
    containerID: z.string().optional(),
  }),
);

export const containerState = once(() =>
  struct(`${core}.ContainerState`, {
    waiting: containerStateWaiting().optional(),
    running: containerStateRunning().optional(),
    terminated: containerStateTerminated().optional(),
  }),
);

export const volumeMountStatus = once(() =>
  struct(`${core}.VolumeMountStatus`, {
    name: z.string(),
    mountPath: z.string(),
    readOnly: z.boolean().optional(),
    recursiveReadOnly: z.string().optional(),
  }),
);

export const linuxContainerUser = once(() =>
  struct(`${core}.LinuxContainerUser`, {
    uid: int64(),
    gid: int64(),
    supplementalGroups: atomicList(int64()).optional(),
  }),
);

export const containerUser = once(() =>
  struct(`${core}.ContainerUser`, {
    linux: linuxContainerUser().optional(),
  }),
);

export const resourceHealth = once(() =>
  struct(`${core}.ResourceHealth`, {
    resourceID: z.string(),
    health: z.string().optional(),
  }),
);

export const resourceStatus = once(() =>
  struct(`${core}.ResourceStatus`, {
    name: z.string(),
    resources: z
      .array(resourceHealth())
      .meta({ listType: 'map', listMapKeys: ['resourceID'] })
      .optional(),
  }),
);

export const containerStatus = once(() =>
  struct(`${core}.ContainerStatus`, {
    name: z.string(),
    state: containerState().optional(),
    lastState: containerState().optional(),
    ready: z.boolean(),
    restartCount: int32(),
    image: z.string(),
    imageID: z.string(),
    containerID: z.string().optional(),
    started: z.boolean().optional(),
    allocatedResources: z.record(z.string(), quantity()).optional(),
    resources: resourceRequirements().optional(),
    volumeMounts: mapList(volumeMountStatus(), ['mountPath']).optional(),
    user: containerUser().optional(),
    allocatedResourcesStatus: mapList(resourceStatus(), ['name']).optional(),
    stopSignal: z.string().optional(),
  }),
);

export type ContainerStatus = z.infer<ReturnType<typeof containerStatus>>;
export type ContainerState = z.infer<ReturnType<typeof containerState>>;
