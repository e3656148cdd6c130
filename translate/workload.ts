import type { Deployment, DeploymentStrategy } from '../kubernetes/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../kubernetes/kinds/apps/replica-set.ts';
import type { Pod, PodTemplateSpec } from '../kubernetes/kinds/core/pod.ts';
import type { ReplicationController } from '../kubernetes/kinds/core/replication-controller.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Owner } from './plan.ts';

/** An object that becomes something in AWS by itself, as far as all of them are alike. */
export interface Workload {
  readonly owner: Owner;
  readonly template: PodTemplateSpec;
  /** Where the template stands in the object: `spec.template.`, or '' for a Pod, which is one. */
  readonly path: string;
  /** Absent for what runs once. */
  readonly replicas?: number;
  readonly strategy?: DeploymentStrategy;
  /** It rolls its pods over to a new template by itself. */
  readonly rolls: boolean;
}

/** Whether an object is of a kind, by what it says: it has been decoded as such. */
export const isOfKind = <T extends KubernetesObject>(object: KubernetesObject, kind: T['kind']): object is T =>
  object.kind === kind;

/** An object as the owner of what is made for it. */
export const ownerOf = ({ kind, metadata }: KubernetesObject): Owner => ({
  kind,
  namespace: metadata.namespace ?? 'default',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** Reads an object as a workload; undefined for the kinds that are none. */
export function workloadOf(object: KubernetesObject): Workload | undefined {
  const owner = ownerOf(object);
  if (isOfKind<Pod>(object, 'Pod')) {
    return { owner, template: { metadata: object.metadata, spec: object.spec }, path: '', rolls: false };
  }
  if (isOfKind<Deployment>(object, 'Deployment')) {
    const { replicas = 1, strategy, template } = object.spec;
    return {
      owner,
      template,
      path: 'spec.template.',
      replicas,
      rolls: true,
      ...(strategy === undefined ? {} : { strategy }),
    };
  }
  if (isOfKind<ReplicaSet>(object, 'ReplicaSet') || isOfKind<ReplicationController>(object, 'ReplicationController')) {
    const { replicas = 1, template } = object.spec;
    return {
      owner,
      template: template ?? { spec: { containers: [] } },
      path: 'spec.template.',
      replicas,
      rolls: false,
    };
  }
  return undefined;
}
