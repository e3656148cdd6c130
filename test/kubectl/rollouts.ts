import { expect, test } from 'vitest';
import { client, rows, type Client, type KubectlTarget } from './support/client.ts';
import type { KubectlBinary } from './support/kubectl.ts';

/** A Deployment as a client writes it, in JSON, which is YAML. */
function manifest(options: {
  readonly name: string;
  readonly image: string;
  readonly replicas?: number;
  readonly simulate?: string;
  readonly spec?: object;
}): string {
  const { name, image, replicas = 2, simulate, spec } = options;
  const labels = { app: name };
  const annotations = simulate === undefined ? {} : { 'skiff.dev/simulate': simulate };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, annotations: { 'kubernetes.io/change-cause': image } },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'app', image }] },
      },
      ...spec,
    },
  });
}

const rolledOut = 'successfully rolled out';

/** History, undo, pausing and failures, and the rolling update of replication controllers. */
export function rollouts(target: () => KubectlTarget, binary: KubectlBinary): void {
  const kubectl = client({ kubectl: (...command) => target().kubectl(...command) }, binary);
  const apply = (text: string) => kubectl.ok('apply -f -', { stdin: text });
  const untilRolledOut = async (name: string) =>
    expect(await kubectl.ok(`rollout status deployment/${name} --timeout=60s`)).toContain(rolledOut);
  const images = (name: string) =>
    kubectl.ok(
      `get pods -l app=${name} --field-selector=status.phase=Running -o jsonpath={.items[*].spec.containers[0].image}`,
    );

  historyAndUndo(kubectl, { apply, untilRolledOut });
  pausing(kubectl, { apply, untilRolledOut, images });
  failures(kubectl, { apply, untilRolledOut });
  controllers(kubectl);
}

interface Steps {
  readonly apply: (text: string) => Promise<string>;
  readonly untilRolledOut: (name: string) => Promise<void>;
}

function historyAndUndo(kubectl: Client, { apply, untilRolledOut }: Steps): void {
  test('versions are kept, with their causes, and shown', async () => {
    for (const image of ['nginx:1.13', 'nginx:1.14', 'nginx:1.15']) {
      await apply(manifest({ name: 'web', image }));
      await untilRolledOut('web');
    }
    const history = await kubectl.ok('rollout history deployment/web');
    expect(history).toMatch(/^1\s+nginx:1\.13\n2\s+nginx:1\.14\n3\s+nginx:1\.15$/m);
    expect(await kubectl.ok('rollout history deployment/web --revision=2')).toMatch(/Image:\s+nginx:1\.14/);
    expect(await kubectl.fails('rollout history deployment/web --revision=9')).toContain('unable to find');
  });

  test('undo goes back, also to a revision that is named', async () => {
    expect(await kubectl.ok('rollout undo deployment/web --to-revision=1')).toContain('rolled back');
    await untilRolledOut('web');
    expect(await kubectl.ok('get deployment web -o wide')).toContain('nginx:1.13');
    expect(await kubectl.ok('rollout history deployment/web')).toMatch(/^2\s.*\n3\s.*\n4\s+nginx:1\.13$/m);
    await kubectl.ok('rollout undo deployment/web');
    await untilRolledOut('web');
    expect(await kubectl.ok('get deployment web -o wide')).toContain('nginx:1.15');
    expect(await kubectl.fails('rollout undo deployment/web --to-revision=99')).toContain(
      'unable to find specified revision 99 in history',
    );
    await kubectl.ok('set image deployment/web app=nginx:1.16');
    await untilRolledOut('web');
    await kubectl.until(
      'get pods -l app=web -o jsonpath={.items[*].spec.containers[0].image}',
      /^nginx:1\.16 nginx:1\.16$/,
    );
  });

  test('a restart replaces every pod', async () => {
    const before = await kubectl.ok('get pods -l app=web -o jsonpath={.items[*].metadata.name}');
    await kubectl.ok('rollout restart deployment/web');
    await untilRolledOut('web');
    expect(before.split(' ')).toHaveLength(2);
    // Pods that are stopping still have the phase Running.
    const none = new RegExp(`^(?!.*(${before.replaceAll(' ', '|')}))`);
    await kubectl.until('get pods -l app=web -o jsonpath={.items[*].metadata.name}', none);
  });
}

function pausing(
  kubectl: Client,
  { apply, untilRolledOut, images }: Steps & { readonly images: (name: string) => Promise<string> },
): void {
  test('what is changed while it is paused is rolled out together when it is resumed', async () => {
    await kubectl.ok('rollout pause deployment/web');
    await kubectl.ok('set image deployment/web app=nginx:1.17');
    await kubectl.ok('set env deployment/web MODE=fast');
    expect(await kubectl.fails('rollout undo deployment/web')).toContain('paused');
    const before = (await kubectl.ok('get rs -l app=web -o name')).split('\n').length;
    await kubectl.ok('rollout resume deployment/web');
    await untilRolledOut('web');
    expect((await kubectl.ok('get rs -l app=web -o name')).split('\n')).toHaveLength(before + 1);
    expect(await kubectl.ok('get deployment web -o yaml')).toContain('name: MODE');
  });

  test('a second update during the first, and scaling while it rolls, come to what was asked last', async () => {
    await apply(manifest({ name: 'busy', image: 'nginx:1', replicas: 3 }));
    await untilRolledOut('busy');
    await kubectl.ok('set image deployment/busy app=nginx:2');
    await kubectl.ok('scale deployment busy --replicas=5');
    await kubectl.ok('set image deployment/busy app=nginx:3');
    await untilRolledOut('busy');
    await kubectl.until('get deployment busy --no-headers', /5\/5\s+5\s+5/);
    expect(await images('busy')).toBe(Array.from({ length: 5 }, () => 'nginx:3').join(' '));
    await kubectl.ok('set image deployment/busy app=nginx:4');
    await kubectl.ok('rollout undo deployment/busy');
    await untilRolledOut('busy');
    expect(new Set((await images('busy')).split(' '))).toEqual(new Set(['nginx:3']));
  });

  test('Recreate never runs two versions side by side', async () => {
    const spec = { strategy: { type: 'Recreate' } };
    await apply(manifest({ name: 'alone', image: 'nginx:1', spec }));
    await untilRolledOut('alone');
    const watching = kubectl.start(
      'get pods -l app=alone -w -o jsonpath={.spec.containers[0].image}|{.status.phase}|{"\\n"}',
    );
    await watching.printed(/nginx:1\|Running/);
    await apply(manifest({ name: 'alone', image: 'nginx:2', spec }));
    await untilRolledOut('alone');
    const { stdout } = await watching.stop();
    const lines = stdout.split('\n');
    expect(lines.findLastIndex((line) => line.startsWith('nginx:1'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('nginx:2')),
    );
  });
}

function failures(kubectl: Client, { apply, untilRolledOut }: Steps): void {
  test.each([
    ['unpullable', /Failed to pull image|CannotPullContainerError/],
    ['crash', /exit code 1/],
    ['oom', /OutOfMemoryError|OOMKilled/],
  ])('a version that does %s is taken back, and says why', async (simulate, cause) => {
    const name = `bad-${simulate}`;
    await apply(manifest({ name, image: 'nginx:1' }));
    await untilRolledOut(name);
    // The breaker is of use once ECS calls the first deployment completed.
    await kubectl.until(`get events --field-selector involvedObject.name=${name}`, /RolloutCompleted .*Revision 1 /);
    await apply(manifest({ name, image: 'nginx:2', simulate }));
    expect(await kubectl.fails(`rollout status deployment/${name} --timeout=60s`)).toContain(
      'exceeded its progress deadline',
    );
    await kubectl.until(
      `get pods -l app=${name} -o jsonpath={.items[*].spec.containers[0].image}`,
      /^nginx:1 nginx:1$/,
    );
    expect(await kubectl.ok(`describe deployment ${name}`)).toMatch(/Progressing\s+False\s+ProgressDeadlineExceeded/);
    expect(await kubectl.ok(`get deployment ${name} -o yaml`)).toMatch(cause);
    expect(await kubectl.ok('get events')).toMatch(cause);
    expect(await kubectl.ok(`get deployment ${name} -o jsonpath={.spec.template.spec.containers[0].image}`)).toBe(
      'nginx:2',
    );
    await apply(manifest({ name, image: 'nginx:3' }));
    await untilRolledOut(name);
    await kubectl.ok(`delete deployment ${name}`);
  });
}

function controllers(kubectl: Client): void {
  const folder = 'examples/walk/03-replication-controller';
  const pods = (version: string) =>
    kubectl.ok(`get pods -l app=nginx-rc,version=${version} -o jsonpath={.items[*].metadata.name}`);

  test('a replication controller is updated by another one, and back', async () => {
    await kubectl.ok(`apply -f ${folder}`);
    await kubectl.ok('wait --for=jsonpath={.status.readyReplicas}=2 rc/nginx-rc --timeout=30s');
    const told = await kubectl.ok(
      `rolling-update nginx-rc -f ${folder}/update/nginx-1.15.yaml --update-period=1s --timeout=30s`,
    );
    expect(told.split('\n').slice(0, 2)).toEqual([
      'Created nginx-rc-1.15',
      "Scaling up nginx-rc-1.15 from 0 to 2, scaling down nginx-rc from 2 to 0 (keep 2 pods available, don't exceed 3 pods)",
    ]);
    // How far the update is when the watch begins depends on the machine.
    expect(told).toContain('Scaling nginx-rc-1.15 up to 2');
    expect(told).toContain('Scaling nginx-rc down to');
    expect(told).toContain('replicationcontroller/nginx-rc-1.15 rolling updated to "nginx-rc-1.15"');
    expect(rows(await kubectl.ok('get rc')).map(([name]) => name)).toEqual(['nginx-rc-1.15']);
    await kubectl.ok(`rolling-update nginx-rc-1.15 -f ${folder}/nginx.yaml --update-period=1s --timeout=30s`);
    expect(rows(await kubectl.ok('get rc')).map(([name]) => name)).toEqual(['nginx-rc']);
    expect((await pods('1.13')).split(' ')).toHaveLength(2);
  });

  test('an update goes on when nobody watches, and can be taken back halfway', async () => {
    const watching = kubectl.start(
      `rolling-update nginx-rc -f ${folder}/update/nginx-1.15.yaml --update-period=5m --timeout=30s`,
    );
    await watching.printed(/Scaling nginx-rc-1\.15 up to 1/);
    await watching.stop();
    await kubectl.until('get rc nginx-rc -o jsonpath={.spec.replicas}', /^1$/);
    const told = await kubectl.ok('rolling-update nginx-rc nginx-rc-1.15 --rollback --update-period=1s --timeout=30s');
    expect(told).toContain('Scaling nginx-rc up to 2');
    expect(rows(await kubectl.ok('get rc')).map(([name]) => name)).toEqual(['nginx-rc']);
  });

  test('an update to another image, with another name or in place', async () => {
    await kubectl.ok('rolling-update nginx-rc nginx-next --image=nginx:1.16 --update-period=1s --timeout=30s');
    expect(await kubectl.ok('get rc nginx-next -o wide')).toContain('nginx:1.16');
    await kubectl.ok('rolling-update nginx-next --image=nginx:1.17 --timeout=30s');
    await kubectl.until(
      'get pods -l app=nginx-rc -o jsonpath={.items[*].spec.containers[0].image}',
      /^nginx:1\.17 nginx:1\.17$/,
    );
    await kubectl.ok('delete rc nginx-next');
  });

  test('what cannot be is refused in words', async () => {
    await kubectl.ok(`apply -f ${folder}`);
    expect(await kubectl.fails(`rolling-update nginx-rc -f ${folder}/nginx.yaml`)).toContain('same name');
    expect(await kubectl.fails('rolling-update nowhere --image=nginx')).toContain('"nowhere" not found');
    expect(await kubectl.fails('rolling-update nginx-rc')).toContain('has to be given');
    expect(await kubectl.fails('rolling-update nginx-rc --image=nginx --update-period=soon')).toContain('no duration');
    await kubectl.ok(`delete -f ${folder}`);
  });
}
