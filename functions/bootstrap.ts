import { applyCluster } from '../aws/ecs/cluster.ts';
import { errorMessage } from '../kubernetes/error-message.ts';
import { configMap } from '../kubernetes/kinds/core/config-map.ts';
import { namespace } from '../kubernetes/kinds/core/namespace.ts';
import { updateObject } from '../kubernetes/write/update.ts';
import { tagKeys } from '../translate/tags.ts';
import { applyApiService } from './bootstrap-api-service.ts';
import { applyNodes, type NodePlatform } from './bootstrap-nodes.ts';
import { failuresOf, throwAll } from './apart.ts';
import type { Context } from './context.ts';
import { ensureObject } from './ensure-object.ts';
import { keyFor } from './read-objects.ts';
import { rootCertificateName, rootCertificateNamespace } from './root-certificate.ts';

export interface BootstrapOptions {
  /** What runs the containers, shown by the nodes. Absent: Fargate. */
  readonly platform?: NodePlatform | undefined;
  /** PEM of the certificate by which the API server is known; absent when a public authority has signed it. */
  readonly certificateAuthority?: string | undefined;
  /** Where the API server listens: the endpoint of the `kubernetes` Service, which has none without. */
  readonly apiServer?: { readonly address: string; readonly port: number } | undefined;
}

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/**
 * Makes what every installation has before its first request. What is there already stays, so it may be done any time.
 * Throws at the end when something could not be made, an object of a user being in its way: the rest is there.
 */
export async function bootstrap(context: Context, options: BootstrapOptions = {}): Promise<void> {
  const { installation } = context;
  const tags = [{ key: tagKeys.installation, value: installation.name }];
  const steps: Readonly<Record<string, () => Promise<unknown>>> = {
    'the ECS cluster': () => applyCluster(context.aws, installation.cluster, tags),
    ...Object.fromEntries(namespaces.map((name) => [`namespace ${name}`, () => applyNamespace(context, name)])),
    'the root certificate': () => applyRootCertificate(context, options.certificateAuthority),
    'the nodes': () => applyNodes(context, options.platform),
    'the kubernetes Service': () => applyApiService(context, options.apiServer),
  };
  const failures = await failuresOf(Object.entries(steps), { name: ([what]) => what, work: ([, step]) => step() });
  throwAll(failures.map((cause) => new Error(`preparing the installation: ${errorMessage(cause)}`, { cause })));
}

const applyNamespace = (context: Context, name: string): Promise<void> =>
  ensureObject(context, namespace, { kind: 'Namespace', apiVersion: 'v1', metadata: { name } });

/** The original, from which each namespace gets its copy. A new certificate authority takes the place of the old one. */
async function applyRootCertificate(context: Context, certificate: string | undefined): Promise<void> {
  if (certificate === undefined) return;
  const metadata = {
    name: rootCertificateName,
    namespace: rootCertificateNamespace,
    annotations: {
      'kubernetes.io/description':
        'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
    },
  };
  const data = { 'ca.crt': certificate };
  await ensureObject(context, configMap, { kind: 'ConfigMap', apiVersion: 'v1', metadata, data });
  await updateObject(context, configMap, {
    key: keyFor(configMap, metadata.namespace, metadata.name),
    change: (current) => ({ ...current, data }),
  });
}
