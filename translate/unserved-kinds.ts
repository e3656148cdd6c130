/** Kinds of Kubernetes by apiVersion: those that Skiff does not have are told of by name, and nothing else is the matter. */
const kindsOfKubernetes: Readonly<Record<string, string>> = {
  v1: 'LimitRange PersistentVolume PersistentVolumeClaim PodTemplate ResourceQuota',
  'admissionregistration.k8s.io/v1':
    'MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/v1': 'CustomResourceDefinition',
  'apiregistration.k8s.io/v1': 'APIService',
  'apps/v1': 'ControllerRevision DaemonSet StatefulSet',
  'autoscaling/v1': 'HorizontalPodAutoscaler',
  'autoscaling/v2': 'HorizontalPodAutoscaler',
  'batch/v1': 'CronJob Job',
  'certificates.k8s.io/v1': 'CertificateSigningRequest',
  'coordination.k8s.io/v1': 'Lease',
  'networking.k8s.io/v1': 'Ingress IngressClass NetworkPolicy',
  'node.k8s.io/v1': 'RuntimeClass',
  'policy/v1': 'PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1': 'ClusterRole ClusterRoleBinding Role RoleBinding',
  'scheduling.k8s.io/v1': 'PriorityClass',
  'storage.k8s.io/v1': 'CSIDriver CSINode CSIStorageCapacity StorageClass VolumeAttachment',
};

/** Whether Kubernetes serves a kind that Skiff, which was asked before, does not. */
export const isUnserved = (apiVersion: string, kind: string): boolean =>
  Object.hasOwn(kindsOfKubernetes, apiVersion) && (kindsOfKubernetes[apiVersion]?.split(' ').includes(kind) ?? false);
