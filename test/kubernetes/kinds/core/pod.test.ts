import { describe, test } from 'vitest';
import type { Related } from '../../../../kubernetes/kind.ts';
import { pod, type Pod } from '../../../../kubernetes/kinds/core/pod.ts';
import type { KubernetesObject } from '../../../../kubernetes/object.ts';
import { podOf, replicaSetOf, replicationControllerOf } from '../../pod-spec/pods.ts';

const context = { now: '2026-01-02T03:04:05Z' };

describe('a new pod', () => {
  test('has not run, whatever it says', ({ expect }) => {
    const object: Pod = { ...podOf(), status: { phase: 'Succeeded', podIP: '10.0.0.1' } };
    pod.prepareCreate(object, context);
    expect(object.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
  });

  test('says that it waits when something holds it', ({ expect }) => {
    const object = podOf({ schedulingGates: [{ name: 'example.com/gate' }] });
    pod.prepareCreate(object, context);
    expect(object.status?.conditions).toMatchObject([
      { type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' },
    ]);
  });

  test.for([
    ['', 0],
    ['system-node-critical', 2_000_001_000],
    ['system-cluster-critical', 2_000_000_000],
  ] as const)('of the class %j has the priority %i', ([priorityClassName, priority], { expect }) => {
    const object = podOf({ priorityClassName });
    pod.prepareCreate(object, context);
    expect(object.spec.priority).toBe(priority);
  });
});

test.for<readonly [string, number, Partial<Pod['spec']>, Pod['status'], number | undefined]>([
  ['as long as its spec says', 30, { nodeName: 'zone-a' }, { phase: 'Running' }, undefined],
  ['as long as is asked for', 5, { nodeName: 'zone-a' }, { phase: 'Running' }, 5],
  ['not at all when asked so', 0, { nodeName: 'zone-a' }, { phase: 'Running' }, 0],
  [
    'a second when its spec says less than nothing',
    1,
    { nodeName: 'zone-a', terminationGracePeriodSeconds: -1 },
    {},
    undefined,
  ],
  ['not at all when it has no place yet', 0, {}, { phase: 'Pending' }, 30],
  ['not at all when it is done', 0, { nodeName: 'zone-a' }, { phase: 'Succeeded' }, undefined],
])('the deletion of a pod waits %s', ([, seconds, spec, status, asked], { expect }) => {
  expect(pod.gracePeriodSeconds?.({ ...podOf(spec), status }, asked)).toBe(seconds);
});

test.for([
  ['spec.nodeName', 'zone-a'],
  ['spec.restartPolicy', 'Always'],
  ['spec.schedulerName', 'default-scheduler'],
  ['spec.serviceAccountName', 'default'],
  ['spec.hostNetwork', 'false'],
  ['status.phase', 'Running'],
  ['status.podIP', '10.0.0.1'],
  ['status.podIPs', '10.0.0.1'],
  ['status.nominatedNodeName', ''],
] as const)('the field %s selects by %j', ([path, value], { expect }) => {
  const object: Pod = {
    ...podOf({ nodeName: 'zone-a', serviceAccountName: 'default' }),
    status: { phase: 'Running', podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
  };
  expect(pod.selectableFields.find((field) => field.path === path)?.value(object)).toBe(value);
});

test('serves the subresources of a kube-apiserver', ({ expect }) => {
  const { status, scale, others = [] } = pod.subresources;
  expect([status, scale]).toEqual([true, undefined]);
  expect(others.map(({ name, verbs, kind }) => `${name} ${kind} ${verbs.join(',')}`)).toEqual([
    'attach PodAttachOptions create,get',
    'binding Binding create',
    'ephemeralcontainers Pod get,patch,update',
    'eviction Eviction create',
    'exec PodExecOptions create,get',
    'log Pod get',
    'portforward PodPortForwardOptions create,get',
    'proxy PodProxyOptions create,delete,get,patch,update',
    'resize Pod get,patch,update',
  ]);
});

describe('what to look at when a pod changes', () => {
  const labelled = (labels: Record<string, string>, owner?: { kind: string; apiVersion: string }): Pod =>
    podOf(
      {},
      { labels, ...(owner ? { ownerReferences: [{ ...owner, name: 'web-1', uid: 'u', controller: true }] } : {}) },
    );
  const service = (selector?: Record<string, string>): KubernetesObject & { spec: object } => ({
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name: 's', namespace: 'shop' },
    spec: selector ? { selector } : {},
  });
  const keys = (related: readonly Related[]) => related.filter((each) => 'name' in each);
  const selected = (related: readonly Related[], resource: string, candidate: KubernetesObject) =>
    related.some((each) => 'where' in each && each.resource === resource && each.where(candidate));
  const ownedBy = { kind: 'ReplicaSet', apiVersion: 'apps/v1' };

  test('is the pod itself when nobody manages it', ({ expect }) => {
    expect(keys(pod.related(labelled({}), undefined))).toEqual([{ resource: 'pods', namespace: 'shop', name: 'p' }]);
  });

  test('is its controller when it has one', ({ expect }) => {
    const related = pod.related(labelled({}, ownedBy), undefined);
    expect(keys(related)).toEqual([{ resource: 'replicasets.apps', namespace: 'shop', name: 'web-1' }]);
    expect(related.map((each) => each.resource)).toEqual(['replicasets.apps', 'services']);
  });

  test('is the pod itself when its controller is of a kind that makes no pods here', ({ expect }) => {
    const related = pod.related(labelled({}, { kind: 'Other', apiVersion: 'example.com/v1' }), undefined);
    expect(keys(related)).toEqual([{ resource: 'pods', namespace: 'shop', name: 'p' }]);
  });

  test('is also the controller that it was taken from', ({ expect }) => {
    expect(keys(pod.related(labelled({}), labelled({}, ownedBy))).map((each) => each.resource)).toEqual([
      'pods',
      'replicasets.apps',
    ]);
  });

  test('are the Services that select what it is or was, and not those that select nothing', ({ expect }) => {
    const related = pod.related(labelled({ app: 'new' }), labelled({ app: 'old' }));
    expect(selected(related, 'services', service({ app: 'new' }))).toBe(true);
    expect(selected(related, 'services', service({ app: 'old' }))).toBe(true);
    expect(selected(related, 'services', service({ app: 'other' }))).toBe(false);
    expect(selected(related, 'services', service({}))).toBe(false);
    expect(selected(related, 'services', service())).toBe(false);
  });

  test('are the controllers that could take up an orphan', ({ expect }) => {
    const related = pod.related(labelled({ app: 'web' }), undefined);
    expect(selected(related, 'replicasets.apps', replicaSetOf())).toBe(true);
    expect(selected(related, 'replicationcontrollers', replicationControllerOf())).toBe(true);
    expect(selected(related, 'replicasets.apps', replicaSetOf({ selector: { matchLabels: { app: 'x' } } }))).toBe(
      false,
    );
  });
});
