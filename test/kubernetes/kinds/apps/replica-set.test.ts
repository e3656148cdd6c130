import { describe, test } from 'vitest';
import { decode } from '../../../../kubernetes/decode/decode.ts';
import { replicaSet } from '../../../../kubernetes/kinds/apps/replica-set.ts';
import { replicaSetOf, texts } from '../../pod-spec/pods.ts';

const owned = (kind: string, name: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true }],
});
const itself = { resource: 'replicasets.apps', namespace: 'shop', name: 'r' };
const web = { resource: 'deployments.apps', namespace: 'shop', name: 'web' };

describe('a ReplicaSet', () => {
  test('is looked at through the Deployment that manages it', ({ expect }) => {
    expect(replicaSet.related(replicaSetOf({}, owned('Deployment', 'web')), undefined)).toEqual([web]);
    expect(replicaSet.related(replicaSetOf(), undefined)).toEqual([itself]);
    expect(replicaSet.related(replicaSetOf({}, owned('Rollout', 'web')), undefined)).toEqual([itself]);
    expect(replicaSet.related(replicaSetOf(), replicaSetOf({}, owned('Deployment', 'web')))).toEqual([itself, web]);
  });

  test('refuses another selector', ({ expect }) => {
    const changed = replicaSetOf({ selector: { matchLabels: { app: 'c' } } });
    expect(texts(replicaSet.validateUpdate(changed, replicaSetOf()))).toEqual([
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"c"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    ]);
  });

  test('refuses to be without a selector', ({ expect }) => {
    const body = { value: { spec: { template: replicaSetOf().spec.template } }, duplicates: [] };
    const { object } = decode(replicaSet, body, 'Strict');
    replicaSet.defaults(object);
    expect(texts(replicaSet.validate(object))[0]).toBe('spec.selector: Required value');
  });

  test('shows how many pods there are to be, are, and are ready', ({ expect }) => {
    const object = { ...replicaSetOf({ replicas: 3 }), status: { replicas: 2, readyReplicas: 1 } };
    const cells = replicaSet.columns.map((column) => [column.name, column.cell(object)]);
    expect(cells.slice(1, 4)).toEqual([
      ['Desired', 3],
      ['Current', 2],
      ['Ready', 1],
    ]);
    expect(replicaSet.columns.map((column) => column.name)).toEqual([
      'Name',
      'Desired',
      'Current',
      'Ready',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
  });
});
