import { z } from 'zod';
import { once } from '../once.ts';
import { atomicList, int32, mapList, struct } from '../schema.ts';
import { envFromSource, envVar } from './environment.ts';
import { lifecycle } from './handler.ts';
import { probe } from './probe.ts';
import { containerResizePolicy, resourceRequirements } from './resources.ts';
import { securityContext } from './security.ts';

const core = 'io.k8s.api.core.v1';

export const containerPort = once(() =>
  struct(`${core}.ContainerPort`, {
    name: z.string().optional(),
    hostPort: int32().optional(),
    containerPort: int32(),
    protocol: z.string().optional(),
    hostIP: z.string().optional(),
  }),
);

export const volumeMount = once(() =>
  struct(`${core}.VolumeMount`, {
    name: z.string(),
    readOnly: z.boolean().optional(),
    recursiveReadOnly: z.string().optional(),
    mountPath: z.string(),
    subPath: z.string().optional(),
    mountPropagation: z.string().optional(),
    subPathExpr: z.string().optional(),
  }),
);

export const volumeDevice = once(() =>
  struct(`${core}.VolumeDevice`, {
    name: z.string(),
    devicePath: z.string(),
  }),
);

/** What containers of every sort have. */
const fields = once(() => ({
  name: z.string(),
  image: z.string().optional(),
  command: atomicList(z.string()).optional(),
  args: atomicList(z.string()).optional(),
  workingDir: z.string().optional(),
  ports: mapList(containerPort(), ['containerPort', 'protocol']).optional(),
  envFrom: atomicList(envFromSource()).optional(),
  env: mapList(envVar(), ['name']).optional(),
  resources: resourceRequirements().optional(),
  resizePolicy: atomicList(containerResizePolicy()).optional(),
  restartPolicy: z.string().optional(),
  volumeMounts: mapList(volumeMount(), ['mountPath']).optional(),
  volumeDevices: mapList(volumeDevice(), ['devicePath']).optional(),
  livenessProbe: probe().optional(),
  readinessProbe: probe().optional(),
  startupProbe: probe().optional(),
  lifecycle: lifecycle().optional(),
  terminationMessagePath: z.string().optional(),
  terminationMessagePolicy: z.string().optional(),
  imagePullPolicy: z.string().optional(),
  securityContext: securityContext().optional(),
  stdin: z.boolean().optional(),
  stdinOnce: z.boolean().optional(),
  tty: z.boolean().optional(),
}));

export const container = once(() => struct(`${core}.Container`, fields()));

export const ephemeralContainer = once(() =>
  struct(`${core}.EphemeralContainer`, { ...fields(), targetContainerName: z.string().optional() }),
);

export type Container = z.infer<ReturnType<typeof container>>;
export type EphemeralContainer = z.infer<ReturnType<typeof ephemeralContainer>>;
export type ContainerPort = z.infer<ReturnType<typeof containerPort>>;
export type VolumeMount = z.infer<ReturnType<typeof volumeMount>>;
export type VolumeDevice = z.infer<ReturnType<typeof volumeDevice>>;
