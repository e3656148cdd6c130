import { z } from 'zod';
import { once } from './once.ts';
import { atomicList, int32, int64, mapList, quantity, struct, time } from './schema.ts';

const core = 'io.k8s.api.core.v1';

/** Where kubelets once took their configuration from. */
export const nodeConfigSource = once(() =>
  struct(`${core}.NodeConfigSource`, {
    configMap: struct(`${core}.ConfigMapNodeConfigSource`, {
      namespace: z.string(),
      name: z.string(),
      uid: z.string().optional(),
      resourceVersion: z.string().optional(),
      kubeletConfigKey: z.string(),
    }).optional(),
  }),
);

const nodeCondition = once(() =>
  struct(`${core}.NodeCondition`, {
    type: z.string(),
    status: z.string(),
    lastHeartbeatTime: time().optional(),
    lastTransitionTime: time().optional(),
    reason: z.string().optional(),
    message: z.string().optional(),
  }),
);

const nodeSystemInfo = once(() =>
  struct(`${core}.NodeSystemInfo`, {
    machineID: z.string(),
    systemUUID: z.string(),
    bootID: z.string(),
    kernelVersion: z.string(),
    osImage: z.string(),
    containerRuntimeVersion: z.string(),
    kubeletVersion: z.string(),
    kubeProxyVersion: z.string(),
    operatingSystem: z.string(),
    architecture: z.string(),
    swap: struct(`${core}.NodeSwapStatus`, { capacity: int64().optional() }).optional(),
  }),
);

const nodeConfigStatus = once(() =>
  struct(`${core}.NodeConfigStatus`, {
    assigned: nodeConfigSource().optional(),
    active: nodeConfigSource().optional(),
    lastKnownGood: nodeConfigSource().optional(),
    error: z.string().optional(),
  }),
);

const nodeRuntimeHandler = once(() =>
  struct(`${core}.NodeRuntimeHandler`, {
    name: z.string().optional(),
    features: struct(`${core}.NodeRuntimeHandlerFeatures`, {
      recursiveReadOnlyMounts: z.boolean().optional(),
      userNamespaces: z.boolean().optional(),
    }).optional(),
  }),
);

const nodeAddress = once(() => struct(`${core}.NodeAddress`, { type: z.string(), address: z.string() }));

const containerImage = once(() =>
  struct(`${core}.ContainerImage`, { names: atomicList(z.string()).optional(), sizeBytes: int64().optional() }),
);

const attachedVolume = once(() => struct(`${core}.AttachedVolume`, { name: z.string(), devicePath: z.string() }));

/** What a node says of itself. */
export const nodeStatus = once(() =>
  struct(`${core}.NodeStatus`, {
    capacity: z.record(z.string(), quantity()).optional(),
    allocatable: z.record(z.string(), quantity()).optional(),
    phase: z.string().optional(),
    conditions: mapList(nodeCondition(), ['type']).optional(),
    addresses: mapList(nodeAddress(), ['type']).optional(),
    daemonEndpoints: struct(`${core}.NodeDaemonEndpoints`, {
      kubeletEndpoint: struct(`${core}.DaemonEndpoint`, { Port: int32() }).optional(),
    }).optional(),
    nodeInfo: nodeSystemInfo().optional(),
    images: atomicList(containerImage()).optional(),
    volumesInUse: atomicList(z.string()).optional(),
    volumesAttached: atomicList(attachedVolume()).optional(),
    config: nodeConfigStatus().optional(),
    runtimeHandlers: atomicList(nodeRuntimeHandler()).optional(),
    features: struct(`${core}.NodeFeatures`, { supplementalGroupsPolicy: z.boolean().optional() }).optional(),
  }),
);
