import type { ObjectMeta } from '../../../kubernetes/object-meta.ts';
import { deployment, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { pod, type Container, type Pod, type PodSpec } from '../../../kubernetes/kinds/core/pod.ts';
import {
  replicationController,
  type ReplicationController,
} from '../../../kubernetes/kinds/core/replication-controller.ts';
import type { FieldError } from '../../../kubernetes/field-errors.ts';

/** Objects that are right, to be made wrong in one place; with their defaults. */

export const labels = { app: 'web' };

export const containerOf = (given: Partial<Container> = {}): Container => ({ name: 'c', image: 'nginx', ...given });

export function podOf(spec: Partial<PodSpec> = {}, metadata: Partial<ObjectMeta> = {}): Pod {
  const object: Pod = {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'p', namespace: 'shop', ...metadata },
    spec: { containers: [containerOf()], ...spec },
  };
  pod.defaults(object);
  return object;
}

export function deploymentOf(spec: Partial<Deployment['spec']> = {}, metadata: Partial<ObjectMeta> = {}): Deployment {
  const object: Deployment = {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name: 'd', namespace: 'shop', ...metadata },
    spec: {
      selector: { matchLabels: { ...labels } },
      template: { metadata: { labels: { ...labels } }, spec: { containers: [containerOf()] } },
      ...spec,
    },
  };
  deployment.defaults(object);
  return object;
}

export function replicaSetOf(spec: Partial<ReplicaSet['spec']> = {}, metadata: Partial<ObjectMeta> = {}): ReplicaSet {
  const object: ReplicaSet = {
    kind: 'ReplicaSet',
    apiVersion: 'apps/v1',
    metadata: { name: 'r', namespace: 'shop', ...metadata },
    spec: {
      selector: { matchLabels: { ...labels } },
      template: { metadata: { labels: { ...labels } }, spec: { containers: [containerOf()] } },
      ...spec,
    },
  };
  replicaSet.defaults(object);
  return object;
}

export function replicationControllerOf(spec: Partial<ReplicationController['spec']> = {}): ReplicationController {
  const object: ReplicationController = {
    kind: 'ReplicationController',
    apiVersion: 'v1',
    metadata: { name: 'rc', namespace: 'shop' },
    spec: { template: { metadata: { labels: { ...labels } }, spec: { containers: [containerOf()] } }, ...spec },
  };
  replicationController.defaults(object);
  return object;
}

/** Errors as a client reads them: `spec.replicas: Invalid value: -1: …`. */
export const texts = (errors: readonly FieldError[]): readonly string[] =>
  errors.map((error) => `${error.field}: ${error.message}`);
