import { z } from 'zod';
import { condition } from '../condition.ts';
import { objectMeta } from '../object-meta.ts';
import { once } from '../once.ts';
import { atomicList, int32, intOrString, mapList, stringMap, struct } from '../schema.ts';

const core = 'io.k8s.api.core.v1';

const servicePort = once(() =>
  struct(`${core}.ServicePort`, {
    name: z.string().optional(),
    protocol: z.string().optional(),
    appProtocol: z.string().optional(),
    port: int32(),
    targetPort: intOrString().optional(),
    nodePort: int32().optional(),
  }),
);

const sessionAffinityConfig = once(() =>
  struct(`${core}.SessionAffinityConfig`, {
    clientIP: struct(`${core}.ClientIPConfig`, { timeoutSeconds: int32().optional() }).optional(),
  }),
);

const serviceSpec = once(() =>
  struct(`${core}.ServiceSpec`, {
    ports: mapList(servicePort(), ['port', 'protocol']).optional(),
    selector: stringMap().meta({ mapType: 'atomic' }).optional(),
    clusterIP: z.string().optional(),
    clusterIPs: atomicList(z.string()).optional(),
    type: z.string().optional(),
    externalIPs: atomicList(z.string()).optional(),
    sessionAffinity: z.string().optional(),
    loadBalancerIP: z.string().optional(),
    loadBalancerSourceRanges: atomicList(z.string()).optional(),
    externalName: z.string().optional(),
    externalTrafficPolicy: z.string().optional(),
    healthCheckNodePort: int32().optional(),
    publishNotReadyAddresses: z.boolean().optional(),
    sessionAffinityConfig: sessionAffinityConfig().optional(),
    ipFamilies: atomicList(z.string()).optional(),
    ipFamilyPolicy: z.string().optional(),
    allocateLoadBalancerNodePorts: z.boolean().optional(),
    loadBalancerClass: z.string().optional(),
    internalTrafficPolicy: z.string().optional(),
    trafficDistribution: z.string().optional(),
  }),
);

const loadBalancerIngress = once(() =>
  struct(`${core}.LoadBalancerIngress`, {
    ip: z.string().optional(),
    hostname: z.string().optional(),
    ipMode: z.string().optional(),
    ports: atomicList(
      struct(`${core}.PortStatus`, { port: int32(), protocol: z.string(), error: z.string().optional() }),
    ).optional(),
  }),
);

const serviceStatus = once(() =>
  struct(`${core}.ServiceStatus`, {
    loadBalancer: struct(`${core}.LoadBalancerStatus`, {
      ingress: atomicList(loadBalancerIngress()).optional(),
    }).optional(),
    conditions: mapList(condition(), ['type']).optional(),
  }),
);

export const serviceSchema = once(() =>
  struct(`${core}.Service`, {
    kind: z.literal('Service'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    spec: serviceSpec().optional(),
    status: serviceStatus().optional(),
  }),
);

export type Service = z.infer<ReturnType<typeof serviceSchema>>;
export type ServiceSpec = z.infer<ReturnType<typeof serviceSpec>>;
export type ServicePort = z.infer<ReturnType<typeof servicePort>>;
