import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { functions, type FunctionName } from '../../infra/functions.ts';
import { ecsPermissions } from '../../infra/permissions/ecs.ts';
import type { PermissionRule } from '../../infra/permissions/operation-permissions.ts';
import { secretsManagerPermissions } from '../../infra/permissions/secrets-manager.ts';
import { tagKeys } from '../../translate/tags.ts';
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
        Condition: { StringEquals: { 'aws:ResourceTag/skiff.dev/installation': 'skiff' } },
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

  const resourceTags = {
    'aws:ResourceTag/skiff.dev/installation': 'skiff',
    'aws:ResourceTag/skiff.dev/manager': 'runtime',
  };
  const requestTags = {
    'aws:RequestTag/skiff.dev/installation': 'skiff',
    'aws:RequestTag/skiff.dev/manager': 'runtime',
  };

  const conditionsOf = (action: string): Statement['Condition'][] =>
    roleOf('reconcile').flatMap(({ Action, Condition }) => (Action.includes(action) ? [Condition] : []));

  test.for([
    'ecs:DeleteService',
    'ecs:StopTask',
    'ecs:UpdateService',
    'ecs:UpdateTaskProtection',
    'secretsmanager:DeleteSecret',
    'secretsmanager:RestoreSecret',
  ])('%s: changes what the reconcilers have made, and nothing else', (action) => {
    expect(conditionsOf(action)).toEqual([{ StringEquals: resourceTags }]);
  });

  test.for(['ecs:CreateService', 'ecs:RegisterTaskDefinition', 'secretsmanager:CreateSecret'])(
    '%s: makes what is marked as made by the reconcilers, with tags of Skiff alone',
    (action) => {
      const [condition, ...others] = conditionsOf(action);
      expect(others).toEqual([]);
      expect(condition?.['StringEquals']).toEqual(requestTags);
      expect(condition?.['ForAllValues:StringEquals']?.['aws:TagKeys']).toEqual([
        ...Object.values(tagKeys),
        'aws:ecs:clusterName',
        'aws:ecs:serviceName',
      ]);
    },
  );

  test('runs task definitions of the installation as tasks of the installation, in its cluster', () => {
    const cluster = 'arn:aws:ecs:eu-central-1:123456789012:cluster/skiff';
    expect(conditionsOf('ecs:RunTask')).toMatchObject([
      { StringEquals: { ...resourceTags, ...requestTags }, ArnEquals: { 'ecs:cluster': cluster } },
    ]);
  });

  test('stops the deployments of its own services', () => {
    const stopping = roleOf('reconcile').filter(({ Action }) => Action.includes('ecs:StopServiceDeployment'));
    const account = 'arn:aws:ecs:eu-central-1:123456789012';
    const byResource = stopping.flatMap(({ Resource, Condition }) => Resource.map((each) => [each, Condition]));
    expect(Object.fromEntries(byResource)).toEqual({
      [`${account}:service/skiff/*`]: { StringEquals: resourceTags },
      [`${account}:service-deployment/skiff/*`]: { ArnEquals: { 'ecs:cluster': `${account}:cluster/skiff` } },
    });
  });

  test('tags no secret of another installation, and gives no mark but its own', () => {
    expect(conditionsOf('secretsmanager:TagResource')).toMatchObject([
      {
        StringEquals: requestTags,
        StringEqualsIfExists: { 'aws:ResourceTag/skiff.dev/installation': 'skiff' },
      },
    ]);
    for (const condition of names.flatMap(roleOf).filter(({ Action }) => Action.includes('ecs:TagResource')))
      expect(condition.Condition['StringEquals']).toMatchObject({ 'aws:RequestTag/skiff.dev/installation': 'skiff' });
  });

  test.for(Object.entries<PermissionRule>({ ...ecsPermissions, ...secretsManagerPermissions }))(
    '%s: asks for tags, or says why it does not',
    ([, rule]) => {
      const targets = {
        installationName: 'skiff',
        clusterName: 'skiff',
        clusterArn: 'cluster',
        executionRoleArn: 'role',
        tableArn: 'table',
        queueArns: { work: 'work', delay: 'delay', deadLetter: 'dead' },
      };
      const asked = rule(targets, { sendsTo: [] }).filter(({ actions }) => !actions.includes('iam:PassRole'));
      const silent = asked.filter(
        ({ conditions = {}, open }) =>
          open === undefined && !JSON.stringify(conditions).includes('Tag/skiff.dev/installation'),
      );
      expect(silent).toEqual([]);
    },
  );

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
