import { describe, expect, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { scale } from '../../../kubernetes/kinds/autoscaling/scale.ts';
import { entriesWithScale, scaleEntries } from '../../../kubernetes/managed-fields/scale-fields.ts';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import { applyPatch } from '../../../kubernetes/patch/apply.ts';
import { refusal } from '../refusal.ts';
import { AppliedObject } from './applied-object.ts';

const named = { metadata: { name: 'd', namespace: 'default' } };
const m1 = { manager: 'm1' };

/** Applies a number of replicas to the Scale of an object, and answers the object's entries after that. */
function applyScale(object: AppliedObject<KubernetesObject>, replicas: number, force = false) {
  const { metadata } = object.object;
  const current = {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { ...named.metadata, managedFields: scaleEntries(metadata.managedFields) },
    spec: { replicas: 1 },
  };
  const result = applyPatch(scale, {
    current,
    applied: { apiVersion: 'autoscaling/v1', kind: 'Scale', ...named, spec: { replicas } },
    manager: 'hpa',
    force,
    subresource: 'scale',
    now: '2026-01-01T00:01:00Z',
  }) as KubernetesObject;
  return entriesWithScale(deployment, metadata.managedFields, result.metadata.managedFields);
}

describe('who manages the replicas of a Scale', () => {
  test('is who manages those of the object', () => {
    const object = new AppliedObject<KubernetesObject>(deployment);
    object.apply({ ...named, spec: { replicas: 1 } }, m1);
    object.update({ metadata: { labels: { a: 'b' } } }, { manager: 'labeller' });
    expect(scaleEntries(object.entries)).toEqual([
      {
        manager: 'm1',
        operation: 'Apply',
        apiVersion: 'autoscaling/v1',
        time: '2026-01-01T00:00:01Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ]);
    expect(scaleEntries(undefined)).toEqual([]);
  });

  test('conflicts with an apply to the Scale', () => {
    const object = new AppliedObject<KubernetesObject>(deployment);
    object.apply({ ...named, spec: { replicas: 1 } }, m1);
    expect(refusal(() => applyScale(object, 3)).message).toBe(
      'Apply failed with 1 conflict: conflict with "m1": .spec.replicas',
    );
  });

  test('is before-first-apply where nobody does', () => {
    const object = new AppliedObject<KubernetesObject>(deployment);
    object.apply({ ...named, spec: { paused: true } }, m1);
    expect(refusal(() => applyScale(object, 3)).message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" with subresource "scale" using autoscaling/v1: .spec.replicas',
    );
  });

  test('is who took them, in the object too', () => {
    const object = new AppliedObject<KubernetesObject>(deployment);
    object.apply({ ...named, spec: { replicas: 1, paused: true } }, m1);
    expect(applyScale(object, 3, true)).toMatchObject([
      { manager: 'm1', apiVersion: 'apps/v1', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
      {
        manager: 'hpa',
        operation: 'Apply',
        apiVersion: 'apps/v1',
        subresource: 'scale',
        fieldsV1: { 'f:spec': { 'f:replicas': {} } },
      },
    ]);
  });

  test('are both when both want the same', () => {
    const object = new AppliedObject<KubernetesObject>(deployment);
    object.apply({ ...named, spec: { replicas: 1 } }, m1);
    expect(applyScale(object, 1).map(({ manager, fieldsV1 }) => [manager, fieldsV1])).toEqual([
      ['hpa', { 'f:spec': { 'f:replicas': {} } }],
      ['m1', { 'f:spec': { 'f:replicas': {} } }],
    ]);
  });
});
