import { describe, test } from 'vitest';
import { decode } from '../../../../kubernetes/decode/decode.ts';
import { equalJson } from '../../../../kubernetes/json-value.ts';
import { deployment, type Deployment } from '../../../../kubernetes/kinds/apps/deployment.ts';
import type { Cell } from '../../../../kubernetes/table.ts';
import { containerOf, deploymentOf, labels, texts } from '../../pod-spec/pods.ts';

const template = (more: object = {}) => ({ metadata: { labels }, spec: { containers: [containerOf()], ...more } });
const int = (value: number) => `intstr.IntOrString{Type:0, IntVal:${value}, StrVal:""}`;
const text = (value: string) => `intstr.IntOrString{Type:1, IntVal:0, StrVal:"${value}"}`;
const rolling = (maxUnavailable: number | string, maxSurge: number | string): Partial<Deployment['spec']> => ({
  strategy: { rollingUpdate: { maxUnavailable, maxSurge } },
});
const unavailable = 'spec.strategy.rollingUpdate.maxUnavailable: Invalid value:';

describe('a Deployment', () => {
  test('is right as the tests make it', ({ expect }) => {
    expect(deployment.validate(deploymentOf())).toEqual([]);
  });

  test('refuses to be without a selector', ({ expect }) => {
    const { selector: _, ...spec } = deploymentOf().spec;
    const body = { value: { ...deploymentOf(), spec }, duplicates: [] };
    const { object } = decode(deployment, body, 'Strict');
    deployment.defaults(object);
    expect(texts(deployment.validate(object))).toEqual([
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"web"}: `selector` does not match template `labels`',
    ]);
  });

  test.for<readonly [string, Partial<Deployment['spec']>, readonly string[]]>([
    [
      'an empty selector',
      { selector: {} },
      [
        'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: empty selector is invalid for deployment',
      ],
    ],
    [
      'a selector that is none',
      { selector: { matchExpressions: [{ key: 'app', operator: 'Is', values: ['web'] }] } },
      [
        'spec.selector.matchExpressions[0].operator: Invalid value: "Is": not a valid selector operator',
        'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string(nil), MatchExpressions:[]v1.LabelSelectorRequirement{v1.LabelSelectorRequirement{Key:"app", Operator:"Is", Values:[]string{"web"}}}}: invalid label selector',
      ],
    ],
    [
      'pods that end',
      { template: template({ restartPolicy: 'Never' }) },
      ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ],
    [
      'a template without containers',
      { template: { metadata: { labels }, spec: { containers: [] } } },
      ['spec.template.spec.containers: Required value'],
    ],
    [
      'fewer than no replicas',
      { replicas: -1 },
      ['spec.replicas: Invalid value: -1: must be greater than or equal to 0'],
    ],
    ['a rollout that cannot move', rolling(0, 0), [`${unavailable} ${int(0)}: may not be 0 when \`maxSurge\` is 0`]],
    ['the same in percent', rolling('0%', '0%'), [`${unavailable} ${text('0%')}: may not be 0 when \`maxSurge\` is 0`]],
    [
      'more than all to be missing',
      rolling('101%', 1),
      [`${unavailable} ${text('101%')}: must not be greater than 100%`],
    ],
    [
      'a text that is no percentage',
      rolling('half', 1),
      [
        `${unavailable} ${text('half')}: a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')`,
      ],
    ],
    [
      'a negative surge',
      rolling(1, -1),
      ['spec.strategy.rollingUpdate.maxSurge: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'to recreate while rolling',
      { strategy: { type: 'Recreate', rollingUpdate: {} } },
      ["spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ],
    [
      'an unknown strategy',
      { strategy: { type: 'X' } },
      [
        'spec.strategy: Unsupported value: apps.DeploymentStrategy{Type:"X", RollingUpdate:(*apps.RollingUpdateDeployment)(nil)}: supported values: "Recreate", "RollingUpdate"',
      ],
    ],
    [
      'a deadline before pods count',
      { progressDeadlineSeconds: 1, minReadySeconds: 1 },
      ['spec.progressDeadlineSeconds: Invalid value: 1: must be greater than minReadySeconds'],
    ],
  ])('refuses %s', ([, spec, errors], { expect }) => {
    expect(texts(deployment.validate(deploymentOf(spec)))).toEqual(errors);
  });

  test('refuses a template whose labels it does not select, and labels that are none', ({ expect }) => {
    const object = deploymentOf({
      template: { metadata: { labels: { app: 'b c' } }, spec: { containers: [containerOf()] } },
    });
    expect(texts(deployment.validate(object))).toEqual([
      'spec.template.metadata.labels: Invalid value: map[string]string{"app":"b c"}: `selector` does not match template `labels`',
      expect.stringMatching(/^spec\.template\.labels: Invalid value: "b c": a valid label must be/),
    ]);
  });

  test('refuses another selector', ({ expect }) => {
    const changed = deploymentOf({ selector: { matchLabels: { app: 'c' } } });
    expect(texts(deployment.validateUpdate(changed, deploymentOf()))).toEqual([
      'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"c"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
    ]);
    expect(deployment.validateUpdate(deploymentOf({ replicas: 5 }), deploymentOf())).toEqual([]);
  });

  test('refuses a status that cannot be', ({ expect }) => {
    const object: Deployment = { ...deploymentOf(), status: { replicas: 1, readyReplicas: 2, availableReplicas: 3 } };
    expect(texts(deployment.validate(object))).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
    ]);
  });

  test('has a new generation for another spec or other annotations, not for other labels', ({ expect }) => {
    const before = deployment.generationOf?.(deploymentOf());
    const same = (object: Deployment) => equalJson(deployment.generationOf?.(object), before);
    expect(same(deploymentOf({}, { labels: { a: 'b' } }))).toBe(true);
    expect(same(deploymentOf({}, { annotations: {} }))).toBe(true);
    expect(same(deploymentOf({}, { annotations: { a: 'b' } }))).toBe(false);
    expect(same(deploymentOf({ replicas: 2 }))).toBe(false);
  });

  test('has the columns that clients know', ({ expect }) => {
    const print = (cell: Cell) => (typeof cell === 'object' ? cell.at(Date.parse('2026-01-02T03:10:00Z')) : cell);
    const object: Deployment = {
      ...deploymentOf(
        {
          replicas: 3,
          template: {
            metadata: { labels },
            spec: { containers: [containerOf(), containerOf({ name: 'd', image: 'b:1' })] },
          },
        },
        { creationTimestamp: '2026-01-02T03:00:00Z' },
      ),
      status: { replicas: 3, updatedReplicas: 2, readyReplicas: 1 },
    };
    expect(
      deployment.columns.map((each) => [each.wide ? `(${each.name})` : each.name, print(each.cell(object))]),
    ).toEqual([
      ['Name', 'd'],
      ['Ready', '1/3'],
      ['Up-to-date', 2],
      ['Available', 0],
      ['Age', '10m'],
      ['(Containers)', 'c,d'],
      ['(Images)', 'nginx,b:1'],
      ['(Selector)', 'app=web'],
    ]);
  });

  test('is scaled', ({ expect }) => {
    const object = deploymentOf();
    deployment.subresources.scale?.setReplicas(object, 7);
    expect(deployment.subresources.scale?.replicas(object)).toBe(7);
    expect(deployment.subresources.scale?.statusReplicas(object)).toBe(0);
    expect(deployment.subresources.scale?.selector(object)).toBe('app=web');
  });

  test('is looked at itself when it changes', ({ expect }) => {
    expect(deployment.related(deploymentOf(), undefined)).toEqual([
      { resource: 'deployments.apps', namespace: 'shop', name: 'd' },
    ]);
  });
});
