import { test } from 'vitest';
import { pod, type Pod, type PodSpec } from '../../../kubernetes/kinds/core/pod.ts';
import { cloneJson } from '../../../kubernetes/json-value.ts';
import { containerOf, podOf, texts } from './pods.ts';

const changed = (previous: Pod, change: (spec: PodSpec) => void): readonly string[] => {
  const object = cloneJson(previous);
  change(object.spec);
  return texts(pod.validateUpdate(object, previous));
};

const previous = podOf({
  activeDeadlineSeconds: 60,
  tolerations: [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }],
  initContainers: [containerOf({ name: 'i' })],
});

test.for<readonly [string, (spec: PodSpec) => void]>([
  ['nothing', () => {}],
  ['the image of a container', (spec) => spec.containers.forEach((each) => (each.image = 'nginx:2'))],
  ['the image of an init container', (spec) => spec.initContainers?.forEach((each) => (each.image = 'nginx:2'))],
  ['the deadline to a nearer one', (spec) => (spec.activeDeadlineSeconds = 5)],
  ['a further toleration', (spec) => spec.tolerations?.push({ key: 'b', operator: 'Exists' })],
  ['the seconds of a toleration', (spec) => spec.tolerations?.forEach((each) => (each.tolerationSeconds = 1))],
])('a pod may change %s', ([, change], { expect }) => {
  expect(changed(previous, change)).toEqual([]);
});

const allowed =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

test.for<readonly [string, (spec: PodSpec) => void, string]>([
  [
    'variables',
    (spec) => spec.containers.forEach((each) => (each.env = [{ name: 'A', value: 'b' }])),
    `spec: Forbidden: ${allowed}\n+ spec.containers[0].env: [{"name":"A","value":"b"}]`,
  ],
  ['the node', (spec) => (spec.nodeName = 'zone-a'), `spec: Forbidden: ${allowed}\n+ spec.nodeName: "zone-a"`],
  [
    'the policy of restarts',
    (spec) => (spec.restartPolicy = 'Never'),
    `spec: Forbidden: ${allowed}\n- spec.restartPolicy: "Always"\n+ spec.restartPolicy: "Never"`,
  ],
  [
    'the number of containers',
    (spec) => spec.containers.push(containerOf({ name: 'd' })),
    'spec.containers: Forbidden: pod updates may not add or remove containers',
  ],
  [
    'the deadline to a later one',
    (spec) => (spec.activeDeadlineSeconds = 61),
    'spec.activeDeadlineSeconds: Invalid value: 61: must be less than or equal to previous value',
  ],
  [
    'the deadline to none',
    (spec) => delete spec.activeDeadlineSeconds,
    'spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value',
  ],
  [
    'a toleration that it has',
    (spec) => (spec.tolerations = []),
    'spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds',
  ],
  [
    'what it waits for',
    (spec) => (spec.schedulingGates = [{ name: 'example.com/gate' }]),
    "spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'example.com/gate'",
  ],
])('refuses to change %s', ([, change, error], { expect }) => {
  expect(changed(previous, change)).toEqual([error]);
});

test('a time to stop that was negative may become 1, and nothing else', ({ expect }) => {
  const negative = podOf({ terminationGracePeriodSeconds: -5 });
  expect(changed(negative, (spec) => (spec.terminationGracePeriodSeconds = 1))).toEqual([]);
  expect(changed(negative, (spec) => (spec.terminationGracePeriodSeconds = 2))).toHaveLength(1);
});
