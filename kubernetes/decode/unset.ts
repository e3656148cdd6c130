import type { Field, StructNode } from '../schema-node.ts';

/**
 * What a Go server does not keep apart from an unset field: it prints fields tagged `omitempty` only when they hold
 * something. Empty lists and maps are always so. Empty strings are, but for pointers; false and 0 are pointers more
 * often than not, so those that are none are listed. (k8s.io/api, types.go of each group.)
 */
export function isUnset(struct: StructNode, field: Field, value: unknown): boolean {
  if (!field.optional) return false;
  if (value === '') return !pointersToStrings.has(`${struct.name}.${field.name}`);
  if (value === false || value === 0) return plainScalars.has(`${struct.name}.${field.name}`);
  if (typeof value !== 'object' || value === null) return false;
  if (field.node.type === 'list') return Array.isArray(value) && value.length === 0;
  return field.node.type === 'map' && Object.keys(value).length === 0;
}

const qualified = (fields: Readonly<Record<string, string>>): ReadonlySet<string> =>
  new Set(Object.entries(fields).flatMap(([struct, names]) => names.split(' ').map((name) => `${struct}.${name}`)));

const pointersToStrings = qualified({
  Endpoint: 'hostname nodeName zone',
  EndpointAddress: 'nodeName',
  EndpointPort: 'name protocol appProtocol',
  ServicePort: 'appProtocol',
  PodSpec: 'runtimeClassName hostnameOverride',
  PersistentVolumeClaimSpec: 'storageClassName volumeMode volumeAttributesClassName',
  GRPCAction: 'service',
  SecurityContext: 'procMount',
  SeccompProfile: 'localhostProfile',
  AppArmorProfile: 'localhostProfile',
  TypedLocalObjectReference: 'apiGroup',
  TypedObjectReference: 'apiGroup namespace',
  WindowsSecurityContextOptions: 'gmsaCredentialSpecName gmsaCredentialSpec runAsUserName',
  PodSecurityContext: 'fsGroupChangePolicy seLinuxChangePolicy supplementalGroupsPolicy',
});

const probe = 'initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold';

const plainScalars = qualified({
  ContainerPort: 'hostPort',
  ServicePort: 'nodePort',
  ServiceSpec: 'healthCheckNodePort publishNotReadyAddresses',
  Probe: probe,
  Container: 'stdin stdinOnce tty',
  EphemeralContainer: 'stdin stdinOnce tty',
  VolumeMount: 'readOnly',
  PodSpec: 'hostNetwork hostPID hostIPC',
  PersistentVolumeClaimVolumeSource: 'readOnly',
  NFSVolumeSource: 'readOnly',
  ISCSIVolumeSource: 'readOnly',
  DeploymentSpec: 'minReadySeconds paused',
  DeploymentStatus: 'observedGeneration updatedReplicas readyReplicas availableReplicas unavailableReplicas',
  ReplicaSetSpec: 'minReadySeconds',
  ReplicaSetStatus: 'fullyLabeledReplicas readyReplicas availableReplicas observedGeneration',
  ReplicationControllerSpec: 'minReadySeconds',
  ReplicationControllerStatus: 'fullyLabeledReplicas readyReplicas availableReplicas observedGeneration',
  NodeSpec: 'unschedulable',
  ObjectMeta: 'generation',
  Event: 'count',
  EventSeries: 'count',
  StatefulSetSpec: 'minReadySeconds',
  DaemonSetSpec: 'minReadySeconds',
});
