import { configMap, type ConfigMap } from '../../kubernetes/kinds/core/config-map.ts';
import { secret, type Secret } from '../../kubernetes/kinds/core/secret.ts';
import { serviceAccount as serviceAccountKind } from '../../kubernetes/kinds/core/service-account.ts';
import type { PodTemplateSpec } from '../../kubernetes/kinds/core/pod.ts';
import { pullSecretNames, serviceAccountName } from '../../translate/pull-secrets.ts';
import type { Surroundings } from '../../translate/task-definition.ts';
import type { Context } from '../context.ts';
import { keyFor, readObject } from '../read-objects.ts';

/** The ConfigMaps and Secrets that a pod template names, those that are there, its service account and the installation. */
export async function gatherSurroundings(
  context: Context,
  namespace: string,
  template: PodTemplateSpec,
): Promise<Omit<Surroundings, 'secretArn'>> {
  const account = serviceAccountName(template.spec);
  const serviceAccount = await readObject(
    context.store,
    serviceAccountKind,
    keyFor(serviceAccountKind, namespace, account),
  );
  const named = referencedNames(template);
  const configMaps = new Map<string, ConfigMap>();
  for (const name of named.configMaps) {
    const found = await readObject(context.store, configMap, keyFor(configMap, namespace, name));
    if (found !== undefined) configMaps.set(name, found);
  }
  const secrets = new Map<string, Secret>();
  const pulled = pullSecretNames(template.spec, serviceAccount);
  for (const name of new Set([...named.secrets, ...pulled])) {
    const found = await readObject(context.store, secret, keyFor(secret, namespace, name));
    if (found !== undefined) secrets.set(name, found);
  }
  return { installation: context.installation, configMaps, secrets, serviceAccount };
}

interface Names {
  readonly configMaps: ReadonlySet<string>;
  readonly secrets: ReadonlySet<string>;
}

type Spec = NonNullable<PodTemplateSpec['spec']>;
/** A name at a place that may have none. */
type Named = readonly [of: keyof Names, name: string | undefined];

/** Every name of a ConfigMap or Secret in a template. */
function referencedNames({ spec }: PodTemplateSpec): Names {
  const names = { configMaps: new Set<string>(), secrets: new Set<string>() };
  for (const [of, name] of [...inContainers(spec), ...inVolumes(spec)]) {
    if (name !== undefined && name !== '') names[of].add(name);
  }
  return names;
}

const inContainers = ({ containers, initContainers = [] }: Spec): readonly Named[] =>
  [...initContainers, ...containers].flatMap(({ envFrom = [], env = [] }): Named[] => [
    ...envFrom.flatMap(({ configMapRef, secretRef }): Named[] => [
      ['configMaps', configMapRef?.name],
      ['secrets', secretRef?.name],
    ]),
    ...env.flatMap(({ valueFrom }): Named[] => [
      ['configMaps', valueFrom?.configMapKeyRef?.name],
      ['secrets', valueFrom?.secretKeyRef?.name],
    ]),
  ]);

const inVolumes = ({ volumes = [] }: Spec): readonly Named[] =>
  volumes.flatMap(({ configMap: map, secret: hidden, projected }): Named[] => [
    ['configMaps', map?.name],
    ['secrets', hidden?.secretName],
    ...(projected?.sources ?? []).flatMap((source): Named[] => [
      ['configMaps', source.configMap?.name],
      ['secrets', source.secret?.name],
    ]),
  ]);
