import { expect, test } from 'vitest';
import { client, type KubectlTarget } from './support/client.ts';
import type { KubectlBinary } from './support/kubectl.ts';

const settings = (mode: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  mode: ${mode}
`;

interface Data {
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata: { readonly resourceVersion: string; readonly labels?: Readonly<Record<string, string>> };
}

/** The commands of kubectl that write, each at least once. Runs in a namespace of its own that the first test makes. */
export function writing(target: () => KubectlTarget, binary: KubectlBinary): void {
  const kubectl = client(
    { kubectl: (by, args, options) => target().kubectl(by, ['-n', 'writing', ...args], options) },
    binary,
  );
  const nowhere = client({ kubectl: (...command) => target().kubectl(...command) }, binary);

  test('create makes objects of its own', async () => {
    expect(await nowhere.ok('create namespace writing')).toBe('namespace/writing created\n');
    expect(await kubectl.ok('create configmap made --from-literal=mode=dark')).toBe('configmap/made created\n');
    expect(await kubectl.ok('create secret generic login --from-literal=password=hunter2')).toBe(
      'secret/login created\n',
    );
    expect(await kubectl.ok('create serviceaccount robot')).toBe('serviceaccount/robot created\n');
    expect(await kubectl.ok('create deployment hello --image=nginx:1.15 --replicas=2 --port=80')).toBe(
      'deployment.apps/hello created\n',
    );
    expect(await kubectl.ok('create service clusterip hello --tcp=80:80')).toBe('service/hello created\n');
    expect((await kubectl.get<Data>('secret login')).data).toEqual({ password: 'aHVudGVyMg==' });
    expect((await kubectl.get<Data>('configmap made')).data).toEqual({ mode: 'dark' });
    expect(await kubectl.fails('create configmap made')).toContain('configmaps "made" already exists');
    expect(await kubectl.fails('create configmap Made')).toContain(
      'ConfigMap "Made" is invalid: metadata.name: Invalid value: "Made": a lowercase RFC 1123 subdomain must consist of',
    );
    await kubectl.ok('rollout status deployment/hello --timeout=60s');
  });

  test('apply creates, changes and leaves alone', async () => {
    expect(await kubectl.ok('apply -f -', { stdin: settings('dark') })).toBe('configmap/settings created\n');
    const before = await kubectl.get<Data>('configmap settings');
    expect(await kubectl.ok('apply -f -', { stdin: settings('dark') })).toBe('configmap/settings unchanged\n');
    expect(await kubectl.ok('apply -f - --dry-run=server', { stdin: settings('dim') })).toBe(
      'configmap/settings configured (server dry run)\n',
    );
    expect(await kubectl.get<Data>('configmap settings')).toEqual(before);
    expect(await kubectl.ok('apply -f -', { stdin: settings('light') })).toBe('configmap/settings configured\n');
    expect((await kubectl.get<Data>('configmap settings')).data).toEqual({ mode: 'light' });
    expect(await kubectl.ok('apply -f -', { stdin: settings('light').replace('mode', 'style') })).toContain(
      'configured',
    );
    expect((await kubectl.get<Data>('configmap settings')).data).toEqual({ style: 'light' });
  });

  test('diff shows what apply would change', async () => {
    const outcome = await target().kubectl(binary, ['-n', 'writing', 'diff', '-f', '-'], { stdin: settings('dim') })
      .ended;
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toMatch(/^-\s+style: light$/m);
    expect(outcome.stdout).toMatch(/^\+\s+mode: dim$/m);
  });

  test('apply --server-side tells of conflicts', async () => {
    const apply = (manager: string, ...more: string[]): readonly string[] => [
      'apply',
      '--server-side',
      `--field-manager=${manager}`,
      '-f',
      '-',
      ...more,
    ];
    const shared = (mode: string): string => settings(mode).replace('name: settings', 'name: shared');
    expect(await kubectl.ok(apply('first'), { stdin: shared('dark') })).toBe('configmap/shared serverside-applied\n');
    const refusal = await kubectl.fails(apply('second'), { stdin: shared('light') });
    expect(refusal).toContain('Apply failed with 1 conflict: conflict with "first": .data.mode');
    await kubectl.ok(apply('second', '--force-conflicts'), { stdin: shared('light') });
    expect((await kubectl.get<Data>('configmap shared')).data).toEqual({ mode: 'light' });
    expect(await kubectl.ok('get configmap shared -o yaml --show-managed-fields')).toMatch(/manager: second/);
  });

  test('apply --server-side takes over what client-side apply made', async () => {
    expect(await kubectl.ok('apply --server-side -f -', { stdin: settings('dark') })).toContain('serverside-applied');
    expect(await kubectl.ok('apply --server-side -f -', { stdin: settings('dim') })).toContain('serverside-applied');
    expect((await kubectl.get<Data>('configmap settings')).data).toEqual({ mode: 'dim' });
  });

  test('patch takes three types, and tells when nothing changes', async () => {
    const patch = (type: string, text: string): readonly string[] => [
      'patch',
      'configmap',
      'made',
      '--type',
      type,
      '-p',
      text,
    ];
    expect(await kubectl.ok(patch('strategic', '{"data":{"a":"1"}}'))).toBe('configmap/made patched\n');
    expect(await kubectl.ok(patch('strategic', '{"data":{"a":"1"}}'))).toBe('configmap/made patched (no change)\n');
    await kubectl.ok(patch('merge', '{"data":{"b":"2","mode":null}}'));
    await kubectl.ok(patch('json', '[{"op":"replace","path":"/data/a","value":"3"}]'));
    expect((await kubectl.get<Data>('configmap made')).data).toEqual({ a: '3', b: '2' });
    expect(await kubectl.fails(patch('json', '[{"op":"test","path":"/data/a","value":"4"}]'))).toContain(
      'the server rejected our request due to an error in our request',
    );
  });

  test('label and annotate', async () => {
    expect(await kubectl.ok('label configmap made tier=back')).toBe('configmap/made labeled\n');
    expect(await kubectl.ok('label configmap made tier=back')).toBe('configmap/made not labeled\n');
    expect(await kubectl.fails('label configmap made tier=front')).toContain('already has a value (back)');
    expect(await kubectl.ok('annotate configmap made note=hello')).toMatch(/^configmap\/made annotated?$/m);
    expect(await kubectl.ok('get configmap -l tier=back -o name')).toBe('configmap/made\n');
    expect(await kubectl.ok('label configmap made tier-')).toBe('configmap/made unlabeled\n');
    expect((await kubectl.get<Data>('configmap made')).metadata.labels).toBeUndefined();
  });

  test('edit goes through an editor', async () => {
    const env = { KUBE_EDITOR: 'sed -i s/dim/bright/' };
    expect(await kubectl.ok('edit configmap settings', { env })).toBe('configmap/settings edited\n');
    expect((await kubectl.get<Data>('configmap settings')).data).toEqual({ mode: 'bright' });
    expect(await kubectl.ok('edit configmap settings', { env })).toBe('');
  });

  test('replace overwrites, and refuses what is out of date', async () => {
    const before = await kubectl.get<Data>('configmap settings');
    expect(await kubectl.ok('replace -f -', { stdin: settings('new') })).toBe('configmap/settings replaced\n');
    expect(await kubectl.fails('replace -f -', { stdin: JSON.stringify(before) })).toContain(
      'Operation cannot be fulfilled on configmaps "settings": the object has been modified; please apply your changes to the latest version and try again',
    );
    expect(await kubectl.ok('replace --force -f -', { stdin: settings('newer') })).toContain(
      'configmap/settings replaced',
    );
    expect((await kubectl.get<Data>('configmap settings')).data).toEqual({ mode: 'newer' });
  });

  test('set changes workloads', async () => {
    await kubectl.ok('set image deployment/hello nginx=nginx:1.13');
    await kubectl.ok('set env deployment/hello MODE=dark');
    await kubectl.ok('set resources deployment/hello --requests=cpu=100m,memory=64Mi --limits=cpu=200m,memory=128Mi');
    await kubectl.ok('set serviceaccount deployment hello robot');
    await kubectl.ok('rollout status deployment/hello --timeout=60s');
    const container = '{.spec.template.spec.containers[0]';
    expect(
      await kubectl.ok(
        `get deployment hello -o jsonpath=${container}.image}/${container}.env[0].value}/${container}.resources.limits.memory}/{.spec.template.spec.serviceAccountName}`,
      ),
    ).toBe('nginx:1.13/dark/128Mi/robot');
  });

  test('scale, with its precondition', async () => {
    expect(await kubectl.ok('scale deployment hello --replicas=3')).toBe('deployment.apps/hello scaled\n');
    expect(await kubectl.fails('scale deployment hello --replicas=1 --current-replicas=7')).toContain(
      'Expected replicas to be 7, was 3',
    );
    expect(await kubectl.ok('get deployment hello --subresource=scale -o jsonpath={.spec.replicas}')).toBe('3');
  });

  test('pause, resume and restart', async () => {
    expect(await kubectl.ok('rollout pause deployment/hello')).toBe('deployment.apps/hello paused\n');
    expect(await kubectl.fails('rollout pause deployment/hello')).toContain('is already paused');
    expect(await kubectl.ok('rollout resume deployment/hello')).toBe('deployment.apps/hello resumed\n');
    expect(await kubectl.ok('rollout restart deployment/hello')).toBe('deployment.apps/hello restarted\n');
    await kubectl.ok('rollout status deployment/hello --timeout=60s');
  });

  test('run and expose', async () => {
    expect(await kubectl.ok('run once --image=nginx:1.15 --port=80 --restart=Never')).toBe('pod/once created\n');
    expect(await kubectl.ok('expose pod once --port=80')).toBe('service/once exposed\n');
    await kubectl.ok('wait --for=condition=Ready pod/once --timeout=30s');
    await kubectl.until('get endpoints once', /10\.\S+:80/);
  });

  test('refuses fields that do not exist, with their path', async () => {
    const stdin = settings('dark').replace('\ndata:', '\ndota:');
    expect(await kubectl.fails('apply -f -', { stdin })).toContain('unknown field "dota"');
    expect(await kubectl.fails('create -f -', { stdin: stdin.replace('settings', 'other') })).toContain(
      'unknown field "dota"',
    );
    expect(await kubectl.ok('create --validate=ignore -f -', { stdin: stdin.replace('settings', 'other') })).toContain(
      'created',
    );
  });

  test('delete, with and without what belongs to it', async () => {
    expect(await kubectl.ok('delete deployment hello --cascade=orphan')).toBe('deployment.apps "hello" deleted\n');
    const kept = (await kubectl.ok('get replicasets -l app=hello -o name')).trim().split('\n');
    expect(kept.length).toBeGreaterThan(0);
    await kubectl.ok('delete replicasets -l app=hello --cascade=foreground --timeout=60s');
    expect(await kubectl.ok('get replicasets -o name')).toBe('');
    await kubectl.ok('wait --for=delete pod -l app=hello --timeout=60s');
    await kubectl.ok('delete pod once --force --grace-period=0');
    expect(await kubectl.ok('delete configmap --all --wait=false')).toContain('configmap "settings" deleted');
    expect(await kubectl.fails('delete configmap settings')).toContain('configmaps "settings" not found');
    expect(await nowhere.ok('delete namespace writing --timeout=90s')).toContain('namespace "writing" deleted');
  });
}
