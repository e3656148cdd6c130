import type { PodSpec } from '../kubernetes/kinds/core/pod.ts';
import type { Secret } from '../kubernetes/kinds/core/secret.ts';
import type { ServiceAccount } from '../kubernetes/kinds/core/service-account.ts';
import { registryEntries, type RegistryEntry } from './docker-config.ts';
import type { ContainerPlan, Finding } from './plan.ts';
import type { PlacedContainer } from './pod-parts.ts';
import { entryFor } from './registry-match.ts';
import type { SecretArn } from './secret.ts';

/** Where the credentials of a pod's images are looked for. */
export interface PullSecretSource {
  readonly secrets: ReadonlyMap<string, Secret>;
  /** The pod's; absent: not known, or not needed. */
  readonly serviceAccount?: ServiceAccount | undefined;
  readonly secretArn: SecretArn;
}

export interface PullSecrets {
  /** Secrets that are not there: their images are pulled without, as by a kubelet. */
  readonly missing: readonly string[];
  readonly refused: readonly Finding[];
  /** What pulls a container's image. */
  of(placed: PlacedContainer): {
    readonly repositoryCredentials: ContainerPlan['repositoryCredentials'];
    readonly warnings: readonly Finding[];
  };
}

/** The account that a pod without one has. */
export const serviceAccountName = ({ serviceAccountName: name }: PodSpec): string => name || 'default';

/** Names of a pod's own, or else of its service account (the admission plugin ServiceAccount). Each once. */
export function pullSecretNames(spec: PodSpec, serviceAccount: ServiceAccount | undefined): readonly string[] {
  const own = spec.imagePullSecrets ?? [];
  const references = own.length > 0 ? own : (serviceAccount?.imagePullSecrets ?? []);
  return [...new Set(references.flatMap(({ name = '' }) => (name === '' ? [] : [name])))];
}

interface Entry extends RegistryEntry {
  /** Uid of its Secret. */
  readonly madeOf: string;
}

/** Reads the Secrets that a pod's images are pulled with. */
export function translatePullSecrets(spec: PodSpec, source: PullSecretSource): PullSecrets {
  const names = pullSecretNames(spec, source.serviceAccount);
  const entries: Entry[] = [];
  const refused: Finding[] = [];
  for (const name of names) {
    const secret = source.secrets.get(name);
    if (secret === undefined) continue;
    const read = registryEntries(secret);
    if ('problem' in read) refused.push(unreadable(spec, name, read.problem));
    else entries.push(...read.map((entry) => ({ ...entry, madeOf: secret.metadata.uid ?? '' })));
  }
  return {
    missing: names.filter((name) => !source.secrets.has(name)),
    refused,
    of: ({ container, path }) => {
      const image = container.image ?? '';
      const entry = entryFor(image, entries);
      if (entry === undefined) return { repositoryCredentials: undefined, warnings: [] };
      if (isTokenOfEcr(image, entry)) return { repositoryCredentials: undefined, warnings: [ecrWarning(path)] };
      const { username, password, madeOf, location } = entry;
      const value = { username, password };
      const description = `credentials for ${location}`;
      return {
        repositoryCredentials: { credentialsParameter: source.secretArn({ description, value, madeOf: [madeOf] }) },
        warnings: [],
      };
    },
  };
}

function unreadable(spec: PodSpec, name: string, problem: string): Finding {
  const index = (spec.imagePullSecrets ?? []).findIndex((each) => each.name === name);
  return {
    path: index < 0 ? 'spec.serviceAccountName' : `spec.imagePullSecrets[${index}].name`,
    message: `secret "${name}" cannot be read: ${problem}`,
    waitsFor: { kind: 'Secret', name },
  };
}

/** What `aws ecr get-login-password` gives is good for twelve hours; a revision lasts longer. */
const isTokenOfEcr = (image: string, { username }: RegistryEntry): boolean =>
  username === 'AWS' && /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//.test(image);

const ecrWarning = (path: string): Finding => ({
  path: `${path}.image`,
  message:
    'images in ECR are pulled with the execution role: the token in imagePullSecrets, which expires, is not used',
});
