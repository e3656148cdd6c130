import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test, vi } from 'vitest';
import { run } from '../../cli/commands/plan.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { startHarness } from '../support/harness.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx
          env: [{ name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }]
`;
/** As ECS takes it: a whole ARN, the key, and the present stage and version. */
const reference = /^arn:aws:secretsmanager:us-east-1:123456789012:secret:skiff\/[\w/]+-\w{6}:web_PASSWORD::$/;

const secret = `apiVersion: v1
kind: Secret
metadata: { name: db }
stringData: { password: correct horse }
`;

async function plan(files: Readonly<Record<string, string>>, ...args: string[]) {
  const folder = await temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    const code = await run(['-f', folder, ...args]);
    return { code, output: log.mock.calls.flat().join('\n') };
  } finally {
    log.mockRestore();
  }
}

describe('skiff plan', () => {
  test('prints the requests as JSON, without the values of secrets', async () => {
    const { code, output } = await plan({ 'a.yaml': deployment, 'b.yaml': secret }, '-o', 'json');
    expect(code).toBe(0);
    expect(output).not.toContain('correct horse');
    expect(output).not.toContain(btoa('correct horse'));
    const parsed: unknown = JSON.parse(output);
    expect(parsed).toMatchObject({
      requests: [
        {
          service: 'secretsmanager',
          operation: 'CreateSecret',
          for: 'Deployment default/web',
          input: {
            Name: expect.stringMatching(/^skiff\/skiff\/default\/[0-9a-f]{32}$/),
            ClientRequestToken: expect.stringMatching(/^[0-9a-f]{32}$/),
            SecretString: '{"web_PASSWORD":"<redacted>"}',
          },
        },
        {
          service: 'ecs',
          operation: 'RegisterTaskDefinition',
          for: 'Deployment default/web',
          input: {
            family: 'default_web',
            containerDefinitions: [
              { secrets: [{ name: 'PASSWORD', valueFrom: expect.stringMatching(reference) }] },
              { name: 'skiff-toolbox' },
            ],
          },
        },
        { service: 'ecs', operation: 'CreateService', for: 'Deployment default/web', input: { desiredCount: 2 } },
      ],
      warnings: [],
      refused: [],
      assumed: { region: 'us-east-1', accountId: '123456789012' },
    });
  });

  test('assumes names that are well formed', async () => {
    const { output } = await plan({ 'b.yaml': secret }, '-o', 'json');
    const { assumed } = JSON.parse(output) as { readonly assumed: Readonly<Record<string, readonly string[]>> };
    for (const subnet of assumed['subnets'] ?? []) expect(subnet).toMatch(/^subnet-[0-9a-f]{17}$/);
    for (const group of assumed['securityGroups'] ?? []) expect(group).toMatch(/^sg-[0-9a-f]{17}$/);
    expect(assumed['subnets']).not.toHaveLength(0);
  });

  test('prints the same at every run', async () => {
    const files = { 'a.yaml': deployment, 'b.yaml': secret };
    expect(await plan(files, '-o', 'json')).toEqual(await plan(files, '-o', 'json'));
  });

  test('ends with 1 when something is refused, and plans the rest', async () => {
    const broken =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { containers: [{ name: a, image: a }], hostPID: true }\n';
    const other = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w }\n';
    const { code, output } = await plan({ 'a.yaml': broken, 'b.yaml': other, 'c.yaml': secret, 'd.yaml': deployment });
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/^Deployment default\/web: secretsmanager CreateSecret skiff\/skiff\/default\/\w+$/),
      'Deployment default/web: ecs RegisterTaskDefinition default_web (256 CPU units, 512 MiB)',
      'Deployment default/web: ecs CreateService default_web_00000000 (2 tasks)',
      'Refused: Widget w: kind: no matches for kind "Widget" in version "example.com/v1"',
      'Refused: Pod default/a: spec.hostPID: Fargate has no host to share',
    ]);
  });

  test('refuses what the API would, with its texts', async () => {
    const typo = deployment.replace('replicas', 'replica');
    const { code, output } = await plan({ 'a.yaml': typo });
    expect(code).toBe(1);
    expect(output).toContain('strict decoding error: unknown field "spec.replica"');
  });

  test('reads lists, JSON values one after the other, byte order marks and Windows line ends, in folders of folders', async () => {
    const pod = (name: string): string =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name },
        spec: { containers: [{ name, image: name }] },
      });
    const { code, output } = await plan({
      'a.json': `\ufeff${pod('a')}\n${pod('b')}\n`,
      'b/c.yaml': `\ufeff${deployment.replaceAll('\n', '\r\n')}---\r\n`,
      'b/d/e.yml': `apiVersion: v1\nkind: List\nitems:\n- ${pod('e')}\n- {apiVersion: v1, kind: List, items: [${pod('f')}]}\n`,
    });
    expect(code).toBe(0);
    const runs = output.split('\n').filter((line) => /RunTask|CreateService/.test(line));
    expect(runs.map((line) => line.split(': ')[0])).toEqual([
      'Pod default/a',
      'Pod default/b',
      'Deployment default/web',
      'Pod default/e',
      'Pod default/f',
    ]);
  });

  test('tells of kinds of Kubernetes that Skiff does not have, and is content', async () => {
    const job = 'apiVersion: batch/v9\nkind: Job\nmetadata: { name: a }\n';
    const lease = 'apiVersion: coordination.k8s.io/v1\nkind: Lease\nmetadata: { name: a, namespace: shop }\nspec: {}\n';
    expect(await plan({ 'a.yaml': lease })).toEqual({
      code: 0,
      output: 'Warning: Lease shop/a: kind: Skiff does not serve the kind Lease yet: the object is left out',
    });
    expect(await plan({ 'a.yaml': job })).toMatchObject({ code: 1, output: expect.stringContaining('no matches') });
  });

  test('says where what it warns about and refuses is', async () => {
    const files = {
      'a.yaml': deployment.replace('image: nginx', 'image: nginx\n          imagge: x\n          tty: 1'),
    };
    const { output } = await plan(files, '-o', 'json');
    const typo = deployment.replace('replicas: 2', 'replica: 2');
    const second = await plan({ 'a.yaml': typo }, '-o', 'json');
    expect(JSON.parse(output)).toMatchObject({ refused: [{ message: expect.stringContaining('tty') }], requests: [] });
    expect(JSON.parse(second.output)).toMatchObject({
      refused: [
        {
          for: 'Deployment default/web',
          path: 'spec.replica',
          message: 'strict decoding error: unknown field "spec.replica"',
        },
      ],
    });
  });

  test('reads a pipe whose writer takes its time', async () => {
    const file = join(await temporaryDirectory(), 'long.yaml');
    // More than a pipe holds.
    writeFileSync(file, `${`# ${'nothing '.repeat(10)}\n`.repeat(25_000)}${deployment}`);
    const pipeline = 'cat "$1" | "$2" "$3" plan -f -';
    const args = ['-c', pipeline, 'sh', file, process.execPath, inject('program')];
    const { stdout } = await promisify(execFile)('sh', args);
    expect(stdout).toContain('Deployment default/web: ecs CreateService');
  });

  test('says so when there is nothing to do', async () => {
    expect(await plan({ 'a.yaml': secret })).toEqual({ code: 0, output: 'There is nothing to do in AWS.' });
  });

  test('needs a file', async () => {
    await expect(run([])).rejects.toBeInstanceOf(UsageError);
    await expect(run(['-f', 'x', '-o', 'yaml'])).rejects.toBeInstanceOf(UsageError);
  });
});

describe('the requests of a plan', () => {
  /** Every uid, and whatever is made of one, is another one in each run. */
  const symbolic = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}(-\d+)?/g, 'uid')
        .replaceAll(/(?<=default_web_)[0-9a-f]{8}/g, 'uid')
        .replaceAll(/"[0-9a-f]{32}"/g, '"hash"'),
    );

  test.each([
    ['a Deployment', deployment.replace('secretKeyRef', 'configMapKeyRef')],
    ['a ReplicaSet', deployment.replace('Deployment', 'ReplicaSet').replace('secretKeyRef', 'configMapKeyRef')],
    [
      'a Pod',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: nginx }] }\n',
    ],
  ])('are those that are made for %s', async (_, manifest) => {
    const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: db }\ndata: { password: x }\n';
    const { output } = await plan({ 'a.yaml': settings, 'b.yaml': manifest }, '-o', 'json');
    const { requests } = JSON.parse(output) as { readonly requests: readonly { operation: string; input: unknown }[] };

    const harness = await startHarness();
    const made: { operation: string; input: unknown }[] = [];
    harness.emulation.clients.ecs.middlewareStack.add(
      (next, context) => (call) => {
        const operation = String(context['commandName']).replace(/Command$/, '');
        if (!/^(Describe|List)/.test(operation)) made.push({ operation, input: structuredClone(call.input) });
        return next(call);
      },
      { step: 'initialize', priority: 'high', name: 'noteWrites' },
    );
    const headers = { 'content-type': 'application/yaml' };
    await harness.call('POST', '/apply', { body: `${settings}---\n${manifest}`, headers });
    await harness.pass(0.5);
    expect(symbolic(made)).toEqual(symbolic(requests.map(({ operation, input }) => ({ operation, input }))));
  });
});
