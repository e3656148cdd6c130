import type { Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import type { Pod, PodSpec, PodTemplateSpec } from '../../../kubernetes/kinds/core/pod.ts';
import type { ReplicationController } from '../../../kubernetes/kinds/core/replication-controller.ts';
import type { Service } from '../../../kubernetes/kinds/core/service.ts';

/** As a client would send them. */
export interface Template {
  readonly image?: string;
  /** What the simulated containers do. */
  readonly simulate?: string;
  readonly annotations?: Record<string, string>;
  readonly spec?: Partial<PodSpec>;
}

export function template({ image = 'nginx:1', simulate, annotations, spec }: Template = {}): PodTemplateSpec {
  const all = { ...annotations, ...(simulate === undefined ? {} : { 'skiff.dev/simulate': simulate }) };
  return {
    metadata: { labels: { app: 'web' }, ...(Object.keys(all).length === 0 ? {} : { annotations: all }) },
    spec: {
      terminationGracePeriodSeconds: 5,
      containers: [{ name: 'app', image, ports: [{ name: 'http', containerPort: 8080 }] }],
      ...spec,
    },
  };
}

export const deploymentOf = (
  options: Template & { readonly name?: string; readonly deployment?: Partial<Deployment['spec']> } = {},
): Deployment => ({
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  metadata: { name: options.name ?? 'web', namespace: 'default' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template(options), ...options.deployment },
});

export const replicaSetOf = (options: Template & { readonly replicas?: number } = {}): ReplicaSet => ({
  kind: 'ReplicaSet',
  apiVersion: 'apps/v1',
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas: options.replicas ?? 2, selector: { matchLabels: { app: 'web' } }, template: template(options) },
});

export const replicationControllerOf = (
  options: Template & { readonly replicas?: number } = {},
): ReplicationController => ({
  kind: 'ReplicationController',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas: options.replicas ?? 2, selector: { app: 'web' }, template: template(options) },
});

export function podOf(options: Template & { readonly name?: string } = {}): Pod {
  const { metadata, spec } = template(options);
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { ...metadata, name: options.name ?? 'one', namespace: 'default' },
    spec,
  };
}

export const serviceOf = (spec: Partial<NonNullable<Service['spec']>> = {}): Service => ({
  kind: 'Service',
  apiVersion: 'v1',
  metadata: { name: 'web', namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }], ...spec },
});
