import { expect, test } from 'vitest';
import { client, type Client, type KubectlTarget } from './support/client.ts';
import type { KubectlBinary } from './support/kubectl.ts';

interface PodOptions {
  readonly name: string;
  readonly image?: string;
  /** By container: what it does; '' is all of them. */
  readonly simulate?: Readonly<Record<string, string>>;
  readonly spec?: object;
}

/** A Pod as a client writes it, in JSON, which is YAML. */
function manifest({ name, image = 'nginx:1', simulate = {}, spec }: PodOptions): string {
  const annotations = Object.fromEntries(
    Object.entries(simulate).map(([container, behaviour]) => [
      container === '' ? 'skiff.dev/simulate' : `skiff.dev/simulate.${container}`,
      behaviour,
    ]),
  );
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, annotations },
    spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image }], ...spec },
  });
}

/** STATUS and RESTARTS of `kubectl get pod`, and what `kubectl describe` says. */
const stories: readonly (readonly [what: string, pod: PodOptions, told: { row: RegExp; described: RegExp }])[] = [
  ['runs', { name: 'runs' }, { row: /1\/1\s+Running\s+0/, described: /Normal\s+Started\s.*Started container app/ }],
  [
    'cannot be pulled',
    { name: 'unpullable', simulate: { '': 'unpullable' } },
    {
      row: /0\/1\s+(ErrImagePull|ImagePullBackOff)\s+0/,
      described: /Failed to pull image "nginx:1": CannotPullContainerError/,
    },
  ],
  [
    'crashes',
    { name: 'crash', simulate: { '': 'crash' } },
    {
      row: /0\/1\s+CrashLoopBackOff\s+[01]/,
      described: /Failed\s.*Essential container in task exited \(app: exit code 1\)/,
    },
  ],
  [
    'runs out of memory',
    { name: 'oom', simulate: { '': 'oom' }, spec: { restartPolicy: 'Never' } },
    { row: /0\/1\s+OOMKilled\s+0/, described: /OutOfMemoryError: Container killed due to memory usage/ },
  ],
  [
    'completes',
    { name: 'done', simulate: { '': 'exit' }, spec: { restartPolicy: 'Never' } },
    { row: /0\/1\s+Completed\s+0/, described: /Exit Code:\s+0/ },
  ],
  [
    'ends with an error',
    { name: 'error', simulate: { '': 'crash' }, spec: { restartPolicy: 'Never' } },
    { row: /0\/1\s+Error\s+0/, described: /Exit Code:\s+1/ },
  ],
  [
    'waits for its container',
    { name: 'slow', simulate: { '': 'slow' } },
    { row: /0\/1\s+ContainerCreating\s+0/, described: /ContainerCreating/ },
  ],
  [
    'waits for its init containers',
    {
      name: 'init',
      simulate: { first: 'slow' },
      spec: {
        initContainers: [
          { name: 'first', image: 'busybox' },
          { name: 'second', image: 'busybox' },
        ],
      },
    },
    { row: /0\/1\s+Init:0\/2\s+0/, described: /PodInitializing/ },
  ],
  [
    'has an init container that fails',
    {
      name: 'init-fails',
      simulate: { first: 'crash' },
      spec: { restartPolicy: 'Never', initContainers: [{ name: 'first', image: 'busybox' }] },
    },
    { row: /0\/1\s+Init:Error\s+0/, described: /first:\s[^]*Exit Code:\s+1/ },
  ],
  [
    'has an init container that keeps failing',
    {
      name: 'init-loops',
      simulate: { first: 'crash' },
      spec: { initContainers: [{ name: 'first', image: 'busybox' }] },
    },
    { row: /0\/1\s+Init:CrashLoopBackOff\s+[01]/, described: /CrashLoopBackOff/ },
  ],
  [
    'has a sidecar',
    {
      name: 'sidecar',
      spec: {
        initContainers: [
          { name: 'proxy', image: 'envoy', restartPolicy: 'Always' },
          { name: 'setup', image: 'busybox' },
        ],
      },
    },
    { row: /2\/2\s+Running\s+0/, described: /proxy:\s[^]*State:\s+Running/ },
  ],
  [
    'needs a ConfigMap that is not there',
    {
      name: 'needs',
      spec: { containers: [{ name: 'app', image: 'nginx:1', envFrom: [{ configMapRef: { name: 'nowhere' } }] }] },
    },
    { row: /0\/1\s+(Pending|CreateContainerConfigError)\s+0/, described: /configmap "nowhere" not found/ },
  ],
];

/** Pods as people know them. */
export function pods(target: () => KubectlTarget, binary: KubectlBinary): void {
  const kubectl: Client = client({ kubectl: (...command) => target().kubectl(...command) }, binary);

  test.each(stories)('a pod that %s says so', async (_, pod, { row, described }) => {
    await kubectl.ok('apply -f -', { stdin: manifest(pod) });
    expect(await kubectl.until(`get pod ${pod.name} --no-headers`, row)).toMatch(row);
    expect(await kubectl.until(`describe pod ${pod.name}`, described)).toMatch(described);
    await kubectl.ok(`delete pod ${pod.name} --wait=false`);
  });

  test('a pod that crashes is started again, and counts', async () => {
    await kubectl.ok('apply -f -', { stdin: manifest({ name: 'again', simulate: { '': 'crash' } }) });
    await kubectl.until('get pod again --no-headers', /0\/1\s+CrashLoopBackOff\s+[01]/);
    await kubectl.ok('wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/again --timeout=30s');
    const last = /Last State:\s+Terminated\s+Reason:\s+Error\s+Exit Code:\s+1/;
    expect(await kubectl.until('describe pod again', last)).toMatch(last);
    await kubectl.ok('delete pod again');
  });

  test('a pod that does not stop in time can be deleted by force', async () => {
    const spec = { terminationGracePeriodSeconds: 60 };
    await kubectl.ok('apply -f -', { stdin: manifest({ name: 'stuck', simulate: { '': 'slow-stop' }, spec }) });
    await kubectl.ok('wait --for=condition=Ready pod/stuck --timeout=30s');
    await kubectl.ok('delete pod stuck --wait=false');
    await kubectl.until('get pod stuck --no-headers', /Terminating/);
    await kubectl.ok('delete pod stuck --force --grace-period=0');
    expect(await kubectl.fails('get pod stuck')).toContain('not found');
  });

  test('who relabels a pod of a workload is warned', async () => {
    await kubectl.ok('create deployment web --image=nginx:1');
    await kubectl.ok('rollout status deployment/web --timeout=30s');
    const name = await kubectl.ok('get pods -l app=web -o jsonpath={.items[0].metadata.name}');
    const outcome = await target().kubectl(binary, ['label', 'pod', name, 'app=other', '--overwrite']).ended;
    expect(outcome.stderr).toMatch(/Warning: metadata\.labels: .*stays with ReplicaSet web-/);
    await kubectl.ok('delete deployment web');
  });
}
