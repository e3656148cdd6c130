import { describe, test } from 'vitest';
import { replicationController } from '../../../../kubernetes/kinds/core/replication-controller.ts';
import { containerOf, labels, replicationControllerOf, texts } from '../../pod-spec/pods.ts';

const template = (more: object = {}) => ({ metadata: { labels }, spec: { containers: [containerOf()], ...more } });

describe('a ReplicationController', () => {
  test('takes selector and labels from its template', ({ expect }) => {
    const object = replicationControllerOf();
    expect([object.spec.selector, object.metadata.labels]).toEqual([labels, labels]);
  });

  test('keeps a selector of its own', ({ expect }) => {
    expect(replicationControllerOf({ selector: { app: 'x' }, template: template() }).spec.selector).toEqual({
      app: 'x',
    });
  });

  test.for([
    [{}, ['spec.selector: Required value', 'spec.template: Required value']],
    [
      { selector: { app: 'x' }, template: template() },
      [
        'spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`',
      ],
    ],
    [
      { replicas: -1, template: template({ restartPolicy: 'Never', activeDeadlineSeconds: 5 }) },
      [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ReplicationController is not Supported',
      ],
    ],
  ] as const)('refuses %j', ([spec, errors], { expect }) => {
    const object = replicationControllerOf({ template: undefined, ...structuredClone(spec) });
    expect(texts(replicationController.validate(object))).toEqual(errors);
  });

  test('prints what it selects as text', ({ expect }) => {
    const object = replicationControllerOf({ selector: { tier: 'a', app: 'web' } });
    expect(replicationController.subresources.scale?.selector(object)).toBe('app=web,tier=a');
  });
});
