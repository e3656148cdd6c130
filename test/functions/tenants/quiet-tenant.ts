import type { Harness } from '../../support/harness.ts';

/** Nobody but the tenant of `b` may ever see this, in whatever form. */
export const marker = 'known-to-b-alone';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Whether a text gives away what is known to `b` alone. */
export const givesAway = (text: string): boolean =>
  text.includes(marker) || text.includes(base64(marker)) || text.includes(encodedInside);

/** The marker inside the credentials of a registry, which are encoded as a whole. */
const dockerConfig = JSON.stringify({ auths: { 'registry.b.example': { username: 'b', password: marker } } });
const encodedInside = base64(dockerConfig).slice(60, 90);

const environment = [
  { name: 'TOKEN', value: marker },
  { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
];

/** A pod template of `b`, of one revision or another. Without an environment, somebody else may guess it. */
export const templateOf = (app: string, image: string, env?: readonly object[]) => ({
  metadata: { labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 1,
    imagePullSecrets: [{ name: 'registry' }],
    containers: [{ name: 'app', image: `registry.b.example/${image}`, env, ports: [{ containerPort: 8080 }] }],
  },
});

const workload = (app: string, replicas: number) => ({
  replicas,
  selector: { matchLabels: { app } },
  template: templateOf(app, `${app}:1`, environment),
});

/** Everything that `b` has, by the collection that it is made in. */
const manifests: readonly (readonly [collection: string, object: object])[] = [
  ['/api/v1/namespaces/b/secrets', { metadata: { name: 'db' }, data: { password: base64(marker) } }],
  [
    '/api/v1/namespaces/b/secrets',
    {
      metadata: { name: 'registry' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': base64(dockerConfig) },
    },
  ],
  ['/api/v1/namespaces/b/configmaps', { metadata: { name: 'settings' }, data: { motto: marker } }],
  ['/apis/apps/v1/namespaces/b/deployments', { metadata: { name: 'web' }, spec: workload('web', 2) }],
  ['/apis/apps/v1/namespaces/b/replicasets', { metadata: { name: 'lone' }, spec: workload('lone', 1) }],
  [
    '/api/v1/namespaces/b/replicationcontrollers',
    { metadata: { name: 'old' }, spec: { ...workload('old', 1), selector: { app: 'old' } } },
  ],
  [
    '/api/v1/namespaces/b/pods',
    { ...templateOf('solo', 'solo:1', environment), metadata: { name: 'solo', labels: { app: 'solo' } } },
  ],
  [
    '/api/v1/namespaces/b/services',
    { metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
  ],
];

export const deploymentPath = '/apis/apps/v1/namespaces/b/deployments/web';

/** Gives the Deployment of `b` another template. */
export const setTemplate = (harness: Harness, template: object) =>
  harness.call('PATCH', deploymentPath, {
    body: { spec: { template } },
    headers: { 'content-type': 'application/merge-patch+json' },
  });

/** Makes all that `b` has; the Deployment comes to its second revision, so that there is one to go back to. */
export async function settleIn(harness: Harness): Promise<void> {
  await harness.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'b' } } });
  for (const [collection, body] of manifests) {
    const { status } = await harness.call('POST', collection, { body });
    if (status !== 201) throw new Error(`${collection}: ${status}`);
  }
  await passUntil(harness, 'the first revision', () => isRolledOut(harness));
  await setTemplate(harness, templateOf('web', 'web:2', environment));
  await passUntil(harness, 'the second revision', () => isRolledOut(harness));
  // ECS's own waits, and a look at everything.
  await pass(harness, 330);
}

/** Lets time go by, a little at a time. */
export async function pass(harness: Harness, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 5) await harness.pass(Math.min(left, 5));
}

/** Lets time go by until it is so. Throws after two minutes. */
export async function passUntil(harness: Harness, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let passed = 0; passed < 120; passed += 1) {
    if (await isSo()) return;
    await harness.pass(1);
  }
  throw new Error(`not so after two minutes: ${what}`);
}

interface Rolled {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas: number };
  readonly status?: Readonly<Record<string, number>>;
}

/** What `kubectl rollout status` waits for. */
export async function isRolledOut(harness: Harness): Promise<boolean> {
  const { metadata, spec, status = {} } = (await harness.call('GET', deploymentPath)).body<Rolled>();
  const { observedGeneration = 0, replicas, updatedReplicas, availableReplicas } = status;
  return (
    observedGeneration >= metadata.generation &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === spec.replicas)
  );
}
