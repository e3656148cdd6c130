import { describe, expect, test } from 'vitest';
import { admit } from '../../translate/admission.ts';

const deployment = (spec: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas: 1, selector: {}, template: { metadata: {}, spec } },
});
const web = { name: 'web', image: 'nginx' };

test('tells where in the object something is not as it says', () => {
  const spec = {
    hostPID: true,
    hostname: 'web',
    terminationGracePeriodSeconds: 600,
    containers: [web],
  };
  expect(admit(deployment(spec))).toEqual({
    warnings: [
      'spec.template.spec.hostname: the host name of a task is that of its network interface',
      'spec.template.spec.terminationGracePeriodSeconds: Fargate stops a container after at most 120 s: that is used for 600 s',
    ],
    errors: [
      {
        reason: 'FieldValueForbidden',
        field: 'spec.template.spec.hostPID',
        message: 'Forbidden: Fargate has no host to share',
      },
    ],
  });
});

test.for([
  { hostPID: true },
  { hostIPC: true },
  { volumes: [{ name: 'root', hostPath: { path: '/' } }] },
  { containers: [{ ...web, securityContext: { privileged: true } }] },
  { containers: [{ ...web, securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }] },
  { containers: [{ ...web, securityContext: { procMount: 'Unmasked' } }] },
])('refuses what would reach beyond the task: %o', (spec) => {
  expect(admit(deployment({ containers: [web], ...spec })).errors).not.toEqual([]);
});

test('warns of replicas that ECS has no tasks for', () => {
  const given = deployment({ containers: [web] });
  expect(admit({ ...given, spec: { ...given.spec, replicas: 5001 } } as typeof given).warnings).toEqual([
    'spec.replicas: ECS runs at most 5000 tasks of a service: 5001 replicas are too many',
  ]);
});

test('lets ConfigMaps and Secrets come later', () => {
  const spec = { containers: [{ ...web, envFrom: [{ configMapRef: { name: 'later' } }] }] };
  expect(admit(deployment(spec))).toEqual({ warnings: [], errors: [] });
});

test('names the fields of a pod from its own root', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [web], hostIPC: true } };
  expect(admit(pod).errors.map((error) => error.field)).toEqual(['spec.hostIPC']);
});

test('has nothing to say of what becomes nothing in AWS', () => {
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { hostPID: 'true' } };
  expect(admit(configMap)).toEqual({ warnings: [], errors: [] });
});

describe('a pod that is far too large is refused before the work for it is done', () => {
  const list = <T>(length: number, item: (index: number) => T): T[] =>
    Array.from({ length }, (_, index) => item(index));
  const refusal = (spec: object) => admit(deployment(spec)).errors.map(({ message }) => message);

  test('by its containers', () => {
    const initContainers = list(40_000, (index) => ({ name: `c${index}`, image: 'x' }));
    expect(refusal({ containers: [web], initContainers })).toEqual([
      "Forbidden: a task has at most 10 containers, Skiff's own among them, not 40001",
    ]);
  });

  test('by variables that double each other', () => {
    const env = list(60, (index) => ({
      name: `V${index}`,
      value: index === 0 ? 'x' : `$(V${index - 1})$(V${index - 1})`,
    }));
    expect(refusal({ containers: [{ ...web, env }] })).toContain('Forbidden: the variables are too long');
  });

  test('by words that stand for more than they say', () => {
    const args = list(20_000, () => '$(LONG)');
    const env = [{ name: 'LONG', value: 'x'.repeat(30_000) }];
    expect(refusal({ containers: [{ ...web, env, args }] })).toEqual([
      expect.stringContaining('the task definition has'),
    ]);
  });

  test('by volumes in memory, each with its mount', () => {
    const volumes = list(10_000, (index) => ({ name: `v${index}`, emptyDir: { medium: 'Memory' } }));
    const volumeMounts = list(10_000, (index) => ({ name: `v${index}`, mountPath: `/${index}` }));
    expect(refusal({ containers: [{ ...web, volumeMounts }], volumes })).not.toEqual([]);
  });
});
