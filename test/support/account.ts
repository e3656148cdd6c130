import type { Clients } from '../../aws/clients.ts';
import { ecsPermissions } from '../../infra/permissions/ecs.ts';
import type { PermissionRule, Targets } from '../../infra/permissions/operation-permissions.ts';
import type { Conditions, Permission } from '../../infra/permissions/permission.ts';
import { secretsManagerPermissions } from '../../infra/permissions/secrets-manager.ts';
import type { Emulation } from '../../local/emulation.ts';

const targets: Targets = {
  installationName: 'skiff',
  clusterName: 'skiff',
  clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/skiff',
  executionRoleArn: 'arn:aws:iam::123456789012:role/skiff-execution',
  tableArn: 'table',
  queueArns: { work: 'work', delay: 'delay', deadLetter: 'dead-letter' },
};

/** By operation: the table that IAM is made from. */
const rules: Readonly<Record<string, PermissionRule>> = { ...ecsPermissions, ...secretsManagerPermissions };

/** What IAM would know of a call: one entry a resource that it names. */
type RequestContext = Readonly<Record<string, string | readonly string[]>>;
type Tags = readonly { readonly key: string; readonly value: string }[];

/**
 * Makes the emulated account refuse what IAM would refuse Skiff: by the same table, as far as tags and the cluster go.
 * Answers what has been refused, in order.
 */
export function guardAccount({ clients, answers }: Pick<Emulation, 'clients' | 'answers'>): string[] {
  const refused: string[] = [];
  for (const client of [clients.ecs, clients.secretsmanager]) {
    (client.middlewareStack as Clients['ecs']['middlewareStack']).add(
      (next, { commandName }) =>
        async (call) => {
          const operation = String(commandName).replace(/Command$/, '');
          if (!(await isAllowed(answers, operation, call.input as Input))) {
            refused.push(`${operation} ${JSON.stringify(call.input)}`);
            const message = `User is not authorized to perform: ${operation}`;
            throw Object.assign(new Error(message), { name: 'AccessDeniedException', $metadata: {} });
          }
          return next(call);
        },
      { step: 'initialize', priority: 'high', name: 'guardAccount' },
    );
  }
  return refused;
}

type Answers = Emulation['answers'];

interface Input {
  readonly cluster?: string;
  readonly service?: string;
  readonly task?: string;
  readonly tasks?: readonly string[];
  readonly taskDefinition?: string;
  readonly serviceDeploymentArn?: string;
  readonly SecretId?: string;
  readonly tags?: Tags;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

async function isAllowed(answers: Answers, operation: string, input: Input): Promise<boolean> {
  const asked = (rules[operation]?.(targets, { sendsTo: [] }) ?? []).filter(isAboutTheCall);
  if (asked.length === 0) return false;
  const request = requestContext(operation, input);
  const resources = await tagsOfResources(answers, operation, input);
  return asked.every(({ conditions = {} }) =>
    resources.every((tags) => holds(conditions, { ...request, ...prefixed('aws:ResourceTag/', tags) })),
  );
}

/** Which role is passed on is another question. */
const isAboutTheCall = ({ actions }: Permission): boolean => !actions.includes('iam:PassRole');

function requestContext(operation: string, { tags = [], Tags = [], ...input }: Input): RequestContext {
  const given = [...tags, ...Tags.map(({ Key, Value }) => ({ key: Key, value: Value }))];
  const named = input.serviceDeploymentArn?.split('/')[1] ?? input.cluster ?? '';
  return {
    'ecs:cluster': targets.clusterArn.replace(/[^/]+$/, named),
    'ecs:CreateAction': operation,
    'aws:TagKeys': given.map(({ key }) => key),
    ...prefixed('aws:RequestTag/', given),
  };
}

const prefixed = (prefix: string, tags: Tags): RequestContext =>
  Object.fromEntries(tags.map(({ key, value }) => [prefix + key, value]));

/** The tags of each resource that is there already; what is missing has none, and neither has what is being made. */
async function tagsOfResources(answers: Answers, operation: string, input: Input): Promise<readonly Tags[]> {
  const service = input.service ?? input.serviceDeploymentArn?.split('/')[2];
  if (input.SecretId !== undefined) return [await tagsOfSecret(answers, input.SecretId)];
  if (operation === 'RunTask') return [await tagsOfDefinition(answers, input.taskDefinition)];
  if (service !== undefined) return [await tagsOfService(answers, service)];
  const tasks = input.task === undefined ? input.tasks : [input.task];
  return tasks === undefined ? [[]] : tagsOfTasks(answers, tasks);
}

const include = ['TAGS'];
const cluster = targets.clusterName;

async function tagsOfSecret({ secretsmanager }: Answers, SecretId: string): Promise<Tags> {
  const { Tags = [] } = await orNothing(() => secretsmanager('DescribeSecret', { SecretId }));
  return Tags.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

/** What is missing is described by an error. */
async function orNothing(describe: () => object | Promise<object>): Promise<Described> {
  try {
    return await describe();
  } catch {
    return {};
  }
}

async function tagsOfDefinition({ ecs }: Answers, taskDefinition: string | undefined): Promise<Tags> {
  const { tags = [] } = await orNothing(() => ecs('DescribeTaskDefinition', { taskDefinition, include }));
  return tags;
}

async function tagsOfService({ ecs }: Answers, service: string): Promise<Tags> {
  const { services }: Described = await ecs('DescribeServices', { cluster, services: [service], include });
  return services?.[0]?.tags ?? [];
}

async function tagsOfTasks({ ecs }: Answers, tasks: readonly string[]): Promise<readonly Tags[]> {
  const { tasks: found = [] }: Described = await ecs('DescribeTasks', { cluster, tasks, include });
  return tasks.map((name) => found.find(({ taskArn }) => taskArn.endsWith(name))?.tags ?? []);
}

interface Described {
  readonly tags?: Tags;
  readonly services?: readonly { readonly tags?: Tags }[];
  readonly tasks?: readonly { readonly taskArn: string; readonly tags?: Tags }[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** Every key of every operator has to match (IAM, "Condition operators"). */
const holds = (conditions: Conditions, context: RequestContext): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => matches(operator, context[key], [wanted].flat())),
  );

function matches(operator: string, found: RequestContext[string] | undefined, wanted: readonly string[]): boolean {
  switch (operator) {
    case 'StringEquals':
    case 'ArnEquals':
      return typeof found === 'string' && wanted.includes(found);
    case 'StringEqualsIfExists':
      return found === undefined || matches('StringEquals', found, wanted);
    case 'ForAllValues:StringEquals':
      return [found ?? []].flat().every((each) => wanted.includes(each));
    default:
      throw new Error(`this account does not know ${operator}`);
  }
}
