import { z } from 'zod';
import { invalid, type FieldError } from '../../field-errors.ts';
import { defineKind, type Scale as ScaleOf } from '../../kind.ts';
import { subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import type { KubernetesObject } from '../../object.ts';
import { once } from '../../once.ts';
import { int32, struct } from '../../schema.ts';
import { ageColumn, nameColumn } from '../../table.ts';

const schema = once(() =>
  struct('io.k8s.api.autoscaling.v1.Scale', {
    kind: z.literal('Scale'),
    apiVersion: z.literal('autoscaling/v1'),
    metadata: objectMeta(),
    spec: struct('io.k8s.api.autoscaling.v1.ScaleSpec', { replicas: int32().optional() }).optional(),
    status: struct('io.k8s.api.autoscaling.v1.ScaleStatus', {
      replicas: int32(),
      selector: z.string().optional(),
    }).optional(),
  }),
);

export type Scale = z.infer<ReturnType<typeof schema>>;

const validate = ({ spec }: Scale): FieldError[] =>
  (spec?.replicas ?? 0) < 0 ? [invalid('spec.replicas', spec?.replicas, 'must be greater than or equal to 0')] : [];

/** The body of the scale subresource of workloads. It is no resource of its own, so the registry does not list it. */
export const scale = defineKind<Scale>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scales',
  namespaced: true,
  schema,
  nameProblems: subdomainProblems,
  validate,
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: (object) => object.spec?.replicas ?? 0 },
    { name: 'Available', type: 'integer', cell: (object) => object.status?.replicas ?? 0 },
    ageColumn,
  ],
});

/** How far an object is scaled, as a Scale. */
export function scaleOf<T extends KubernetesObject>(how: ScaleOf<T>, object: T): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: how.replicas(object) },
    status: { replicas: how.statusReplicas(object), selector: how.selector(object) },
  };
}
