import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { functions, type FunctionName } from '../../infra/functions.ts';
import { statementsOf, type Statement } from './support/statements.ts';
import { synthesise, type Synthesised } from './support/synthesised.ts';

const names = Object.keys(functions) as FunctionName[];

let synthesised: Synthesised;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'skiff-test-'));
  synthesised = await synthesise({ directory });
  return () => rm(directory, { recursive: true });
});

const roleOf = (name: string): Statement[] => {
  const [role] = synthesised.resources('AWS::IAM::Role').filter(({ id }) => id.toLowerCase().startsWith(`${name}role`));
  if (role === undefined) throw new Error(`no role of ${name}`);
  return statementsOf(role);
};
const actionsOf = (name: string): string[] =>
  [...new Set(roleOf(name).flatMap(({ Action }) => Action))].toSorted((a, b) => a.localeCompare(b));

/** `dynamodb:GetItem` for each that is listed. */
const listedFor = (name: FunctionName): string[] =>
  Object.entries<readonly string[]>(functions[name].operations).flatMap(([service, operations]) =>
    operations.map((operation) => `${service}:${operation}`),
  );

/** The same for each command of the SDK that is in the bundle. */
async function calledBy(name: FunctionName): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [`functions/${name}/handler.ts`],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.flatMap(([file, { bytesInOutput }]) => {
    const [, service, operation] = /client-([\w-]+)\/.*\/commands\/(\w+)Command\.js$/.exec(file) ?? [];
    return bytesInOutput > 0 && service !== undefined ? [`${service.replaceAll('-', '')}:${operation}`] : [];
  });
}

/** The SDK's own, for a setting that Skiff does not make. */
const ofTheSdk = 'dynamodb:DescribeEndpoints';

describe('the operations of a function', () => {
  test.for(names)('%s: are those that its bundle calls', async (name) => {
    const called = (await calledBy(name)).filter((operation) => operation !== ofTheSdk);
    // What connects it brings the store along, which it never asks.
    const used = name === 'delays' ? called.filter((operation) => !operation.startsWith('dynamodb:')) : called;
    expect(new Set(listedFor(name))).toEqual(new Set(used));
  });

  /** Actions that are not called as their operations are. */
  const named: Readonly<Record<string, readonly string[]>> = {
    'dynamodb:TransactWriteItems': ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    'sqs:DeleteMessageBatch': ['sqs:DeleteMessage'],
  };
  const polls = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
  /** What their triggers and the making of tagged things take beside them. */
  const besides: Readonly<Record<FunctionName, readonly string[]>> = {
    api: [],
    reconcile: [...polls, 'ecs:TagResource', 'iam:PassRole', 'secretsmanager:TagResource'],
    delays: polls,
    events: [],
    workflows: ['ecs:TagResource'],
  };

  test.for(names)('%s: are allowed, and nothing else', (name) => {
    const operations = listedFor(name).flatMap((operation) => named[operation] ?? [operation]);
    const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    expect(new Set(actionsOf(name))).toEqual(new Set([...operations, ...besides[name], ...logs]));
  });
});

describe('what a role allows', () => {
  test('is named action by action', () => {
    const roles = synthesised.resources('AWS::IAM::Role');
    expect(roles).toHaveLength(names.length + 1);
    const actions = roles.flatMap(statementsOf).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    expect(synthesised.resources('AWS::IAM::Policy')).toEqual([]);
  });

  test('reaches everything only where IAM knows no resource, and lists only in the cluster', () => {
    const unlimited = names.flatMap(roleOf).filter(({ Resource }) => Resource.includes('*'));
    const inCluster = { ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:eu-central-1:123456789012:cluster/skiff' } };
    expect(unlimited.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      [['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions'], {}],
      [['ecs:ListTasks'], inCluster],
    ]);
    expect(roleOf('reconcile').find(({ Action }) => Action.includes('ecs:RunTask'))?.Condition).toEqual(inCluster);
  });

  test('stays in the cluster of the installation', () => {
    const resources = names.flatMap(roleOf).flatMap(({ Resource }) => Resource);
    const ecs = resources.filter((resource) => resource.startsWith('arn:aws:ecs:'));
    const account = 'arn:aws:ecs:eu-central-1:123456789012';
    expect(new Set(ecs)).toEqual(
      new Set([
        `${account}:cluster/skiff`,
        `${account}:service/skiff/*`,
        `${account}:service-deployment/skiff/*`,
        `${account}:task/skiff/*`,
        `${account}:task-definition/*:*`,
      ]),
    );
  });

  test('touches the secrets of the installation alone, and reads none', () => {
    const allowed = names
      .flatMap(roleOf)
      .filter(({ Action }) => Action.some((each) => each.startsWith('secretsmanager:')));
    const secrets = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:skiff/skiff/*';
    expect(new Set(allowed.flatMap(({ Resource }) => Resource))).toEqual(new Set([secrets]));
    expect(allowed.flatMap(({ Action }) => Action)).not.toContain('secretsmanager:GetSecretValue');
    const making = allowed.filter(({ Action }) => Action.includes('secretsmanager:CreateSecret'));
    expect(making.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'aws:RequestTag/skiff.dev/installation': 'skiff' } },
    ]);
  });

  test('lets ECS read the secrets of the installation alone', () => {
    const [executionRole] = synthesised.resources('AWS::IAM::Role').filter(({ id }) => id.includes('ExecutionRole'));
    const statements = executionRole === undefined ? [] : statementsOf(executionRole);
    const reading = statements.filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue'));
    expect(reading).toEqual([
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue'],
        Resource: ['arn:aws:secretsmanager:eu-central-1:123456789012:secret:skiff/skiff/*'],
        Condition: {},
      },
    ]);
  });

  test('passes on one role, to tasks only', () => {
    const passing = names.flatMap(roleOf).filter(({ Action }) => Action.includes('iam:PassRole'));
    const [executionRole] = synthesised.resources('AWS::IAM::Role').filter(({ id }) => id.includes('ExecutionRole'));
    expect(passing).toEqual([
      {
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: [`arn:test:${executionRole?.id}.Arn`],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
  });

  test('tags what is being made, and nothing that is there', () => {
    const tagging = names.flatMap(roleOf).filter(({ Action }) => Action.includes('ecs:TagResource'));
    const making = tagging.map(({ Condition }) => Condition['StringEquals']?.['ecs:CreateAction']);
    expect(new Set(making)).toEqual(new Set(['CreateCluster', 'CreateService', 'RegisterTaskDefinition', 'RunTask']));
  });

  test('sets work aside for reconcile alone', () => {
    const sending = names.filter((name) =>
      roleOf(name).some(
        ({ Action, Resource }) => Action.includes('sqs:SendMessage') && Resource.join().includes('DeadLetter'),
      ),
    );
    expect(sending).toEqual(['reconcile']);
  });
});
