import type { Service, ServiceSpec } from './schema.ts';
import { isExternallyAccessible, needsClusterIP } from './types.ts';

const sessionTimeoutSeconds = 10_800;

/** Fills what is unset in a Service but what has to be allocated. */
export function serviceDefaults(object: Service): void {
  object.spec ??= {};
  const { spec } = object;
  spec.type ||= 'ClusterIP';
  affinityDefaults(spec);
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  if (isExternallyAccessible(spec)) spec.externalTrafficPolicy ||= 'Cluster';
  if (needsClusterIP(spec)) spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  statusDefaults(object);
}

function affinityDefaults(spec: ServiceSpec): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: sessionTimeoutSeconds } };
  }
}

function statusDefaults(object: Service): void {
  object.status ??= {};
  object.status.loadBalancer ??= {};
  if (object.spec?.type !== 'LoadBalancer') return;
  for (const ingress of object.status.loadBalancer.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
}
