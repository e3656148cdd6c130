import { contentHash } from '../../aws/content-hash.ts';
import { creation } from '../../aws/ecs/service.ts';
import { registration } from '../../aws/ecs/task-definition.ts';
import { secretCreation } from '../../aws/secrets-manager/secret.ts';
import { accountId, localInstallation } from '../../local/installation.ts';
import { readManifests } from '../../local/manifests.ts';
import { prepareManifests, type ObjectFinding } from '../../translate/manifests.ts';
import { planManifests, type ManifestPlan, type PlannedRequest } from '../../translate/plan-manifests.ts';
import { oneOf, parseOptions } from '../arguments.ts';
import { UsageError } from '../usage-error.ts';

const outputs = ['text', 'json'] as const;

/** Says what Skiff would ask of AWS for manifests. The exit code is 1 when something in them is refused. */
export async function run(args: readonly string[]): Promise<number> {
  const values = parseOptions(args, {
    filename: { type: 'string', short: 'f', multiple: true, default: [] },
    namespace: { type: 'string', short: 'n', default: 'default' },
    output: { type: 'string', short: 'o', default: 'text' },
  });
  if (values.filename.length === 0) throw new UsageError('nothing to plan: name files or directories with -f');
  const output = oneOf('--output', values.output, outputs);
  const plan = await planFiles(values.filename, values.namespace);
  console.log(output === 'json' ? planJson(plan) : planText(plan));
  return plan.refused.length === 0 ? 0 : 1;
}

async function planFiles(paths: readonly string[], namespace: string): Promise<ManifestPlan> {
  const documents = (await readManifests(paths)).map((manifest) => manifest.body);
  const manifests = prepareManifests(documents, { namespace, ...standIns() });
  const plan = planManifests(manifests.objects, {
    installation: localInstallation,
    accountId,
    revision,
    hash: contentHash,
  });
  return {
    ...plan,
    warnings: [...manifests.warnings, ...plan.warnings],
    refused: [...manifests.refused, ...plan.refused],
  };
}

/** With the inputs exactly as the SDK takes them. */
const planJson = (plan: ManifestPlan): string =>
  JSON.stringify(
    { ...plan, requests: plan.requests.map((request) => ({ ...request, input: exactInput(request) })) },
    null,
    2,
  );

/** What the calls themselves add to a plan: a hash by which it is found again, a token. */
function exactInput(request: PlannedRequest): object {
  switch (request.operation) {
    case 'RegisterTaskDefinition':
      return registration(request.input);
    case 'CreateSecret':
      return secretCreation(request.input);
    case 'CreateService':
      return creation(request.input);
    case 'RunTask':
      return request.input;
  }
}

/** Stands for what nobody knows before there is a ReplicaSet. */
const revision = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

/** The same at every run, so that plans can be compared: uids are counted, and no moment is known. */
function standIns() {
  let objects = 0;
  return {
    now: '1970-01-01T00:00:00Z',
    newId: (): string => {
      objects += 1;
      return `00000000-0000-4000-8000-${String(objects).padStart(12, '0')}`;
    },
    random: (): number => 0,
  };
}

function planText({ requests, warnings, refused }: ManifestPlan): string {
  const line = (finding: ObjectFinding): string =>
    [finding.for, finding.path, finding.message].filter((part) => part !== '').join(': ');
  const lines = [
    ...requests.map((request) => `${request.for}: ${request.service} ${request.operation} ${named(request)}`),
    ...warnings.map((finding) => `Warning: ${line(finding)}`),
    ...refused.map((finding) => `Refused: ${line(finding)}`),
  ];
  return lines.length === 0 ? 'There is nothing to do in AWS.' : lines.join('\n');
}

/** What a request makes, in its own words. */
function named(request: ManifestPlan['requests'][number]): string {
  switch (request.operation) {
    case 'RegisterTaskDefinition':
      return `${request.input.family} (${request.input.cpu} CPU units, ${request.input.memory} MiB)`;
    case 'CreateSecret':
      return request.input.Name;
    case 'CreateService':
      return `${request.input.serviceName} (${request.input.desiredCount} tasks)`;
    case 'RunTask':
      return request.input.taskDefinition;
  }
}
