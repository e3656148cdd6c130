import { z } from 'zod';
import { localObjectReference } from '../object-reference.ts';
import { once } from '../once.ts';
import { atomicList, int32, int64, mapList, quantity, stringMap, struct } from '../schema.ts';
import { affinity } from './affinity.ts';
import { container, ephemeralContainer } from './container.ts';
import { hostAlias, podDNSConfig } from './dns.ts';
import { resourceRequirements } from './resources.ts';
import {
  podOS,
  podReadinessGate,
  podResourceClaim,
  podSchedulingGate,
  toleration,
  topologySpreadConstraint,
} from './scheduling.ts';
import { podSecurityContext } from './security.ts';
import { volume } from './volume.ts';

const core = 'io.k8s.api.core.v1';

export const podSpec = once(() =>
  struct(`${core}.PodSpec`, {
    volumes: mapList(volume(), ['name']).meta({ patchStrategy: 'merge,retainKeys' }).optional(),
    initContainers: mapList(container(), ['name']).optional(),
    containers: mapList(container(), ['name']),
    ephemeralContainers: mapList(ephemeralContainer(), ['name']).optional(),
    restartPolicy: z.string().optional(),
    terminationGracePeriodSeconds: int64().optional(),
    activeDeadlineSeconds: int64().optional(),
    dnsPolicy: z.string().optional(),
    nodeSelector: stringMap().meta({ mapType: 'atomic' }).optional(),
    serviceAccountName: z.string().optional(),
    serviceAccount: z.string().optional(),
    automountServiceAccountToken: z.boolean().optional(),
    nodeName: z.string().optional(),
    hostNetwork: z.boolean().optional(),
    hostPID: z.boolean().optional(),
    hostIPC: z.boolean().optional(),
    shareProcessNamespace: z.boolean().optional(),
    securityContext: podSecurityContext().optional(),
    imagePullSecrets: mapList(localObjectReference(), ['name']).optional(),
    hostname: z.string().optional(),
    subdomain: z.string().optional(),
    affinity: affinity().optional(),
    schedulerName: z.string().optional(),
    tolerations: atomicList(toleration()).optional(),
    hostAliases: mapList(hostAlias(), ['ip']).optional(),
    priorityClassName: z.string().optional(),
    priority: int32().optional(),
    dnsConfig: podDNSConfig().optional(),
    readinessGates: atomicList(podReadinessGate()).optional(),
    runtimeClassName: z.string().optional(),
    enableServiceLinks: z.boolean().optional(),
    preemptionPolicy: z.string().optional(),
    overhead: z.record(z.string(), quantity()).optional(),
    topologySpreadConstraints: mapList(topologySpreadConstraint(), ['topologyKey', 'whenUnsatisfiable']).optional(),
    setHostnameAsFQDN: z.boolean().optional(),
    os: podOS().optional(),
    hostUsers: z.boolean().optional(),
    schedulingGates: mapList(podSchedulingGate(), ['name']).optional(),
    resourceClaims: mapList(podResourceClaim(), ['name']).meta({ patchStrategy: 'merge,retainKeys' }).optional(),
    resources: resourceRequirements().optional(),
  }),
);

export type PodSpec = z.infer<ReturnType<typeof podSpec>>;
