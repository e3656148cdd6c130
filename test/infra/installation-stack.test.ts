import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { App, Stack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readConfig, type Config } from '../../functions/config.ts';
import { functions, type FunctionName } from '../../infra/functions.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { synthesise, type Resource, type Synthesised } from './support/synthesised.ts';

const names = Object.keys(functions) as FunctionName[];
const digest = 'a1'.repeat(32);

let directory: string;
let synthesised: Synthesised;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'skiff-test-'));
  synthesised = await synthesise({ directory });
  return () => rm(directory, { recursive: true });
});

/** The one resource of a type whose id begins so. */
function resource(type: string, prefix: string, from = synthesised): Resource['properties'] {
  const [found, ...others] = from.resources(type).filter(({ id }) => id.startsWith(prefix));
  if (found === undefined || others.length > 0) throw new Error(`not one ${type} that begins with ${prefix}`);
  return found.properties;
}

const lambda = (name: string, from = synthesised): Resource['properties'] =>
  resource('AWS::Lambda::Function', name.charAt(0).toUpperCase() + name.slice(1), from);

const environment = z.object({ Variables: z.record(z.string(), z.string()) });

/** What the function itself makes of its environment. */
const configOf = (name: string, from = synthesised): Config =>
  readConfig(environment.parse(lambda(name, from)['Environment']).Variables);

test('cdk-nag finds nothing to say', () => {
  const found = new AwsSolutionsChecks().validateScope(synthesised.stack);
  expect(found.violations).toEqual([]);
});

test('cdk-nag looks at what it is shown', () => {
  const stack = new Stack(new App(), 'Bad');
  new CfnQueue(stack, 'Queue');
  const found = new AwsSolutionsChecks().validateScope(stack);
  expect(found.violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-SQS3');
});

describe('the environment of a function', () => {
  test.for(names)('%s: is what it reads', (name) => {
    expect(configOf(name)).toEqual({
      installation: {
        name: 'skiff',
        region: 'eu-central-1',
        cluster: 'skiff',
        subnets: ['subnet-a', 'subnet-b'],
        securityGroups: ['sg-a'],
        executionRoleArn: expect.stringContaining('ExecutionRole'),
        toolboxImage: expect.stringContaining('ToolboxImage'),
        logGroup: expect.stringContaining('ContainerLog'),
        nodes: {
          'eu-central-1a': 'fargate-eu-central-1a',
          'eu-central-1b': 'fargate-eu-central-1b',
          'eu-central-1c': 'fargate-eu-central-1c',
        },
      },
      tableName: expect.stringMatching(/^State/),
      queues: {
        queueUrl: expect.stringContaining('QueuesWork'),
        delayQueueUrl: expect.stringContaining('QueuesDelay'),
        deadLetterQueueUrl: expect.stringContaining('QueuesDeadLetter'),
      },
      maximumWatchSeconds: 840,
    });
  });

  test('names the zones that it is told', async () => {
    const told = await synthesise({ directory: await temporaryDirectory(), zones: ['us-west-1a'] });
    expect(configOf('api', told).installation.nodes).toEqual({ 'us-west-1a': 'fargate-us-west-1a' });
  });

  test('has the digest of the token, for the API alone, when a deployment gives it', async () => {
    const parameters = { TokenSha256: digest };
    const given = await synthesise({ directory: await temporaryDirectory(), parameters });
    expect(names.filter((name) => configOf(name, given).tokenDigest === digest)).toEqual(['api']);
    expect(names.filter((name) => configOf(name).tokenDigest !== undefined)).toEqual([]);
  });

  test('wants the network from the deployment, and a digest that is one', () => {
    const { Subnets, SecurityGroups, TokenSha256 } = synthesised.parameters;
    expect([Subnets?.['Default'], SecurityGroups?.['Default']]).toEqual([undefined, undefined]);
    const pattern = new RegExp(String(TokenSha256?.['AllowedPattern']));
    expect(['', digest, `${digest}0`, 'secret'].map((text) => pattern.test(text))).toEqual([true, true, false, false]);
  });
});

describe('the functions', () => {
  test('are all that have a handler', () => {
    const withHandler = readdirSync('functions').filter((name) => existsSync(join('functions', name, 'handler.ts')));
    expect(new Set(withHandler)).toEqual(new Set(names));
  });

  test.for(names)('%s: runs its own bundle on Node 24 and ARM', (name) => {
    expect(lambda(name)).toMatchObject({
      Handler: `${name}.handler`,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Timeout: functions[name].timeoutSeconds,
      MemorySize: functions[name].memoryMiB,
    });
  });

  test('are packed one by one', () => {
    const out = join(directory, 'cdk.out');
    const packed = readdirSync(out).filter((entry) => entry.startsWith('asset.'));
    const files = packed.map((folder) => readdirSync(join(out, folder)));
    expect(new Set(files)).toEqual(new Set(names.map((name) => [`${name}.mjs`])));
  });

  test('log for a month', () => {
    const groups = synthesised.resources('AWS::Logs::LogGroup');
    expect(groups.map(({ properties }) => properties['RetentionInDays'])).toEqual(groups.map(() => 30));
    expect(groups).toHaveLength(names.length + 1);
  });

  test('may call themselves by way of the queues, where that is how work is repeated', () => {
    const looping = names.filter((name) => lambda(name)['RecursiveLoop'] === 'Allow');
    expect(looping).toEqual(['reconcile', 'delays']);
  });

  test('are open to the world at one URL, which streams', () => {
    const [url, ...others] = synthesised.resources('AWS::Lambda::Url');
    expect(others).toEqual([]);
    expect(url?.properties).toMatchObject({ AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
    const open = synthesised
      .resources('AWS::Lambda::Permission')
      .filter(({ properties }) => properties['Principal'] === '*');
    expect(
      open.map(({ properties }) => [
        properties['Action'],
        properties['FunctionUrlAuthType'] ?? properties['InvokedViaFunctionUrl'],
      ]),
    ).toEqual([
      ['lambda:InvokeFunctionUrl', 'NONE'],
      ['lambda:InvokeFunction', true],
    ]);
  });
});

test('the table has the keys of the store, is kept, and can be brought back', () => {
  expect(resource('AWS::DynamoDB::Table', 'State')).toMatchObject({
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
    DeletionProtectionEnabled: true,
  });
});
