import { describe, test } from 'vitest';
import { deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { pod, type PodSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { containerOf, deploymentOf, labels, podOf } from './pods.ts';

describe('a pod', () => {
  test.for<readonly [string, Partial<PodSpec>, readonly string[]]>([
    [
      'a variable that hides another',
      {
        containers: [
          containerOf({
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '2' },
            ],
          }),
        ],
      },
      ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
    ],
    [
      'ports that stand twice',
      {
        containers: [
          containerOf({ ports: [{ containerPort: 80 }] }),
          containerOf({ name: 'd', ports: [{ containerPort: 80 }] }),
        ],
      },
      ['spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]'],
    ],
    [
      'parts of bytes',
      { containers: [containerOf({ resources: { limits: { memory: '128m' } } })] },
      [
        'spec.containers[0].resources.limits[memory]: fractional byte value "128m" is invalid, must be an integer',
        'spec.containers[0].resources.requests[memory]: fractional byte value "128m" is invalid, must be an integer',
      ],
    ],
    [
      'a negative time to stop',
      { terminationGracePeriodSeconds: -1 },
      ['spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1'],
    ],
    [
      'names of nodes of old',
      { nodeSelector: { 'beta.kubernetes.io/os': 'linux' } },
      ['spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'],
    ],
    [
      'volumes that are gone',
      { volumes: [{ name: 'v', gitRepo: { repository: 'https://example.com/x.git' } }] },
      ['spec.volumes[0].gitRepo: deprecated in v1.11'],
    ],
    [
      'secrets without or of one name',
      { imagePullSecrets: [{ name: 'a' }, { name: 'a' }, {}] },
      ['spec.imagePullSecrets[1].name: duplicate name "a"', 'spec.imagePullSecrets[2].name: invalid empty name ""'],
    ],
    [
      'spread over nothing',
      { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }] },
      ['spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod'],
    ],
    ['nothing', {}, []],
    [
      'nothing where a variable builds on the one before',
      {
        containers: [
          containerOf({
            env: [
              { name: 'A', value: '1' },
              { name: 'A', value: '$(A):2' },
            ],
          }),
        ],
      },
      [],
    ],
  ])('is warned of %s', ([, spec, warnings], { expect }) => {
    expect(pod.warnings(podOf(spec))).toEqual(warnings);
  });

  test('is warned of a name that is no host name when it is made, and not again', ({ expect }) => {
    const [warning, ...others] = pod.warnings(podOf({}, { name: 'a.b' }));
    expect(warning).toMatch(
      /^metadata\.name: this is used in the Pod's hostname, .*: \[a lowercase RFC 1123 label must/,
    );
    expect(others).toEqual([]);
    expect(pod.warnings(podOf({}, { name: 'a.b', resourceVersion: '7' }))).toEqual([]);
  });
});

test('a template is warned of the same, with its path', ({ expect }) => {
  const annotations = { 'scheduler.alpha.kubernetes.io/critical-pod': '' };
  const template = {
    metadata: { labels, annotations },
    spec: { containers: [containerOf()], terminationGracePeriodSeconds: -1 },
  };
  expect(deployment.warnings(deploymentOf({ template }))).toEqual([
    'spec.template.metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
    'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
  ]);
});
