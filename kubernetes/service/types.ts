import type { ServiceSpec } from './schema.ts';

/** What follows from the type of a Service and a few fields beside it. */

const allocated: readonly (string | undefined)[] = ['ClusterIP', 'NodePort', 'LoadBalancer'];

/** Has addresses in the service network, or `None`; only an ExternalName has not. */
export const needsClusterIP = ({ type }: ServiceSpec): boolean => allocated.includes(type);

/** `clusterIP: None`: its name stands for the pods themselves. */
export const isHeadless = ({ clusterIPs }: ServiceSpec): boolean =>
  clusterIPs?.length === 1 && clusterIPs[0] === 'None';

/** Whose endpoints somebody else says: the service network has no part in it. */
export const isHeadlessWithoutSelector = (spec: ServiceSpec): boolean =>
  isHeadless(spec) && Object.keys(spec.selector ?? {}).length === 0;

export const needsNodePort = ({ type, allocateLoadBalancerNodePorts }: ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);

/** Has a port of its own on which nodes tell load balancers whether they run pods of the Service. */
export const needsHealthCheckNodePort = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

/** Can be reached from outside, so that an external traffic policy means something. */
export const isExternallyAccessible = ({ type, externalIPs = [] }: ServiceSpec): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);
