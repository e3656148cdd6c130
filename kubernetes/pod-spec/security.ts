import { z } from 'zod';
import { once } from '../once.ts';
import { atomicList, int64, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

export const capabilities = once(() =>
  struct(`${core}.Capabilities`, {
    add: atomicList(z.string()).optional(),
    drop: atomicList(z.string()).optional(),
  }),
);

export const seLinuxOptions = once(() =>
  struct(`${core}.SELinuxOptions`, {
    user: z.string().optional(),
    role: z.string().optional(),
    type: z.string().optional(),
    level: z.string().optional(),
  }),
);

export const windowsSecurityContextOptions = once(() =>
  struct(`${core}.WindowsSecurityContextOptions`, {
    gmsaCredentialSpecName: z.string().optional(),
    gmsaCredentialSpec: z.string().optional(),
    runAsUserName: z.string().optional(),
    hostProcess: z.boolean().optional(),
  }),
);

export const seccompProfile = once(() =>
  struct(`${core}.SeccompProfile`, {
    type: z.string(),
    localhostProfile: z.string().optional(),
  }),
);

export const appArmorProfile = once(() =>
  struct(`${core}.AppArmorProfile`, {
    type: z.string(),
    localhostProfile: z.string().optional(),
  }),
);

export const securityContext = once(() =>
  struct(`${core}.SecurityContext`, {
    capabilities: capabilities().optional(),
    privileged: z.boolean().optional(),
    seLinuxOptions: seLinuxOptions().optional(),
    windowsOptions: windowsSecurityContextOptions().optional(),
    runAsUser: int64().optional(),
    runAsGroup: int64().optional(),
    runAsNonRoot: z.boolean().optional(),
    readOnlyRootFilesystem: z.boolean().optional(),
    allowPrivilegeEscalation: z.boolean().optional(),
    procMount: z.string().optional(),
    seccompProfile: seccompProfile().optional(),
    appArmorProfile: appArmorProfile().optional(),
  }),
);

export const sysctl = once(() =>
  struct(`${core}.Sysctl`, {
    name: z.string(),
    value: z.string(),
  }),
);

export const podSecurityContext = once(() =>
  struct(`${core}.PodSecurityContext`, {
    seLinuxOptions: seLinuxOptions().optional(),
    windowsOptions: windowsSecurityContextOptions().optional(),
    runAsUser: int64().optional(),
    runAsGroup: int64().optional(),
    runAsNonRoot: z.boolean().optional(),
    supplementalGroups: atomicList(int64()).optional(),
    supplementalGroupsPolicy: z.string().optional(),
    fsGroup: int64().optional(),
    sysctls: atomicList(sysctl()).optional(),
    fsGroupChangePolicy: z.string().optional(),
    seccompProfile: seccompProfile().optional(),
    appArmorProfile: appArmorProfile().optional(),
    seLinuxChangePolicy: z.string().optional(),
  }),
);

export type SecurityContext = z.infer<ReturnType<typeof securityContext>>;
export type PodSecurityContext = z.infer<ReturnType<typeof podSecurityContext>>;
