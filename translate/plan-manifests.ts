import type { ConfigMap } from '../kubernetes/kinds/core/config-map.ts';
import type { Secret } from '../kubernetes/kinds/core/secret.ts';
import type { ServiceAccount } from '../kubernetes/kinds/core/service-account.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { translateAssuming } from './assumed-objects.ts';
import { withoutCredentials } from './docker-config.ts';
import { translateEcsService, translateOwnService } from './ecs-service.ts';
import type { Installation } from './installation.ts';
import { describeObject, type ObjectFinding } from './manifests.ts';
import type { EcsServicePlan, Finding, RunTaskPlan, TaskDefinitionPlan } from './plan.ts';
import { serviceAccountName } from './pull-secrets.ts';
import { translateRunTask } from './run-task.ts';
import { secretPlan, standInArn, type SecretArn, type SecretPlan } from './secret.ts';
import { tagKeys } from './tags.ts';
import type { Surroundings } from './task-definition.ts';
import { isOfKind, workloadOf, type Workload } from './workload.ts';

/** One call, with its input exactly as the SDK takes it. */
export type PlannedRequest = { readonly for: string } & (
  | { readonly service: 'secretsmanager'; readonly operation: 'CreateSecret'; readonly input: SecretPlan }
  | { readonly service: 'ecs'; readonly operation: 'RegisterTaskDefinition'; readonly input: TaskDefinitionPlan }
  | { readonly service: 'ecs'; readonly operation: 'CreateService'; readonly input: EcsServicePlan }
  | { readonly service: 'ecs'; readonly operation: 'RunTask'; readonly input: RunTaskPlan }
);

/** What `skiff plan` says; the shape of its JSON. */
export interface ManifestPlan {
  readonly requests: readonly PlannedRequest[];
  readonly warnings: readonly ObjectFinding[];
  readonly refused: readonly ObjectFinding[];
  /** What stands in the requests for things that only an installation knows. */
  readonly assumed: Readonly<Record<string, unknown>>;
}

/** Stand-ins for what is not there; every one is well formed. */
export interface AssumedInstallation {
  readonly installation: Installation;
  readonly accountId: string;
  /** The uid of a Deployment's ReplicaSet, or what names the template of a workload that has none. */
  readonly revision: string;
  /** Of any value: stands in the names of secrets. */
  readonly hash: (value: unknown) => string;
}

/** What Skiff would ask of AWS for these objects, were none of them there yet. Values of Secrets are not in it. */
export function planManifests(objects: readonly KubernetesObject[], assumed: AssumedInstallation): ManifestPlan {
  const requests: PlannedRequest[] = [];
  const warnings: ObjectFinding[] = [];
  const refused: ObjectFinding[] = [];
  for (const object of objects) {
    const workload = workloadOf(object);
    if (workload === undefined) continue;
    const { owner, template } = workload;
    const name = describeObject(object);
    const planned = planSecrets(workload, assumed);
    const surroundings = { ...gather(objects, workload), installation: assumed.installation, ...planned };
    const translated = translateAssuming({ owner, template }, surroundings);
    const placed = (finding: Finding): ObjectFinding => ({
      for: name,
      path: workload.path + finding.path,
      message: finding.message,
    });
    warnings.push(...translated.warnings.map(placed), ...translated.missingPullSecrets.map(missing).map(placed));
    refused.push(...translated.refused.map(placed));
    if (translated.plan === undefined) continue;
    for (const input of planned.plans.values()) {
      requests.push({ service: 'secretsmanager', operation: 'CreateSecret', for: name, input });
    }
    const revision = { key: tagKeys.revision, value: revisionOf(workload, assumed) };
    const input = { ...translated.plan, tags: [...translated.plan.tags, revision] };
    requests.push({ service: 'ecs', operation: 'RegisterTaskDefinition', for: name, input });
    requests.push(running(workload, assumed, { family: translated.plan.family, name }));
  }
  return {
    requests,
    warnings,
    refused,
    assumed: { ...assumed.installation, accountId: assumed.accountId, revision: assumed.revision },
  };
}

const missing = (name: string): Finding => ({
  path: 'spec.imagePullSecrets',
  message: `secret "${name}" not found among the manifests: images are pulled without it`,
});

/** Keeps what a translation asks to be in Secrets Manager, by its ARN. */
function planSecrets(
  { owner }: Workload,
  { installation, accountId, hash }: AssumedInstallation,
): { readonly secretArn: SecretArn; readonly plans: ReadonlyMap<string, SecretPlan> } {
  const plans = new Map<string, SecretPlan>();
  const secretArn: SecretArn = (content) => {
    const plan = secretPlan(content, { installation, owner, hash });
    const arn = standInArn(plan.Name, { region: installation.region, accountId });
    plans.set(arn, plan);
    return arn;
  };
  return { secretArn, plans };
}

/** A Pod is a revision of its own; of workloads without ReplicaSets it is a hash of as many digits. */
function revisionOf({ owner, replicas, rolls }: Workload, { revision }: AssumedInstallation): string {
  if (replicas === undefined) return owner.uid;
  return rolls ? revision : revision.replaceAll('-', '');
}

/** What runs the first revision of a task definition. */
function running(
  { owner, replicas, strategy, rolls }: Workload,
  { installation, accountId }: AssumedInstallation,
  { family, name }: { readonly family: string; readonly name: string },
): PlannedRequest {
  const taskDefinitionArn = `arn:aws:ecs:${installation.region}:${accountId}:task-definition/${family}:1`;
  if (replicas === undefined) {
    const input = translateRunTask({ owner, taskDefinitionArn, attempt: 0 }, installation);
    return { service: 'ecs', operation: 'RunTask', for: name, input };
  }
  const service = { owner, replicas, taskDefinitionArn, ...(strategy === undefined ? {} : { strategy }) };
  const input = rolls ? translateEcsService(service, installation) : translateOwnService(service, installation);
  return { service: 'ecs', operation: 'CreateService', for: name, input };
}

/** Stands for every value of a Secret. */
const redacted = '<redacted>';

function gather(
  objects: readonly KubernetesObject[],
  { owner: { namespace }, template: { spec } }: Workload,
): Pick<Surroundings, 'configMaps' | 'secrets' | 'serviceAccount'> {
  const account = serviceAccountName(spec);
  let serviceAccount: ServiceAccount | undefined;
  const configMaps = new Map<string, ConfigMap>();
  const secrets = new Map<string, Secret>();
  for (const object of objects.filter((each) => each.metadata.namespace === namespace)) {
    const name = object.metadata.name ?? '';
    if (isOfKind<ConfigMap>(object, 'ConfigMap')) configMaps.set(name, object);
    if (isOfKind<Secret>(object, 'Secret')) secrets.set(name, withoutValues(object));
    if (name === account && isOfKind<ServiceAccount>(object, 'ServiceAccount')) serviceAccount = object;
  }
  return { configMaps, secrets, serviceAccount };
}

/** Credentials for registries keep their form: which of them is for an image is no secret. */
function withoutValues(secret: Secret): Secret {
  const data = Object.fromEntries(Object.keys(secret.data ?? {}).map((key) => [key, btoa(redacted)]));
  return { ...secret, data: { ...data, ...withoutCredentials(secret, redacted) } };
}
