import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { functions } from '../../infra/functions.ts';
import { workflows } from '../../functions/workflows/workflows.ts';
import { synthesise, type Resource, type Synthesised } from './support/synthesised.ts';

let synthesised: Synthesised;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'skiff-test-'));
  synthesised = await synthesise({ directory });
  return () => rm(directory, { recursive: true });
});

const only = (type: string, prefix: string): Resource => {
  const [found, ...others] = synthesised.resources(type).filter(({ id }) => id.startsWith(prefix));
  if (found === undefined || others.length > 0) throw new Error(`not one ${type} that begins with ${prefix}`);
  return found;
};
const queue = (name: string): Resource => only('AWS::SQS::Queue', `Queues${name}`);
const arnOf = ({ id }: Resource): string => `arn:test:${id}.Arn`;

describe('the queues', () => {
  test('work: is FIFO, sets a key aside at the fourth death, and waits as long as work may take', () => {
    const { properties } = queue('Work');
    expect(properties).toMatchObject({
      FifoQueue: true,
      ContentBasedDeduplication: false,
      RedrivePolicy: { deadLetterTargetArn: arnOf(queue('DeadLetter')), maxReceiveCount: 4 },
    });
    expect(properties['VisibilityTimeout']).toBeGreaterThanOrEqual(functions.reconcile.timeoutSeconds);
  });

  test('delay: is a standard one, for the delay of a single message', () => {
    const { properties } = queue('Delay');
    expect(properties).not.toHaveProperty('FifoQueue');
    expect(properties['RedrivePolicy']).toMatchObject({ deadLetterTargetArn: arnOf(queue('Undelivered')) });
    expect(properties['VisibilityTimeout']).toBeGreaterThanOrEqual(functions.delays.timeoutSeconds);
  });

  test('dead letter: is FIFO as the one that it is for, and keeps what it has as long as SQS can', () => {
    expect(queue('DeadLetter').properties).toMatchObject({ FifoQueue: true, MessageRetentionPeriod: 14 * 86_400 });
    expect(queue('Undelivered').properties).not.toHaveProperty('FifoQueue');
  });

  test('are encrypted, and refuse calls without TLS', () => {
    const queues = synthesised.resources('AWS::SQS::Queue');
    expect(queues.map(({ properties }) => properties['SqsManagedSseEnabled'])).toEqual([true, true, true, true]);
    const policies = synthesised.resources('AWS::SQS::QueuePolicy').map(({ properties }) => JSON.stringify(properties));
    expect(policies.filter((text) => text.includes('"aws:SecureTransport":"false"'))).toHaveLength(queues.length);
  });

  test.for([
    ['Work', 'Reconcile'],
    ['Delay', 'Delays'],
  ] as const)('%s: calls %s with ten messages at most, and takes each for itself', ([name, target]) => {
    const { properties } = only('AWS::Lambda::EventSourceMapping', `Triggers${name}`);
    expect(properties).toMatchObject({
      EventSourceArn: arnOf(queue(name)),
      FunctionName: expect.stringContaining(`${target}Function`),
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

const rule = z.object({
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(
    z.object({
      Arn: z.string(),
      Input: z.string().optional(),
      DeadLetterConfig: z.object({ Arn: z.string() }).optional(),
    }),
  ),
});
const rules = (): z.infer<typeof rule>[] =>
  synthesised.resources('AWS::Events::Rule').map(({ properties }) => rule.parse(properties));

/** As EventBridge does it, as far as the rules go: a value of the list, or what begins as it says. */
function matches(pattern: unknown, value: unknown): boolean {
  if (Array.isArray(pattern)) return [value].flat().some((each) => pattern.some((one) => matchesOne(one, each)));
  if (typeof pattern !== 'object' || pattern === null || typeof value !== 'object' || value === null) return false;
  const members: Readonly<Record<string, unknown>> = { ...value };
  return Object.entries(pattern).every(([name, inner]) => matches(inner, members[name]));
}
const matchesOne = (pattern: unknown, value: unknown): boolean => {
  const prefix = z.object({ prefix: z.string() }).safeParse(pattern);
  return prefix.success ? String(value).startsWith(prefix.data.prefix) : pattern === value;
};

/** The functions that an event calls. */
const calledBy = (event: object): string[] =>
  rules()
    .filter(({ EventPattern: pattern }) => pattern !== undefined && matches(pattern, event))
    .flatMap(({ Targets }) => Targets.map(({ Arn }) => /^arn:test:([A-Za-z]+)Function/.exec(Arn)?.[1] ?? Arn));

describe('an event', () => {
  const account = 'arn:aws:ecs:eu-central-1:123456789012';
  const ofTask = (cluster: string): object => ({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    resources: [`${account}:task/${cluster}/1`],
    detail: { clusterArn: `${account}:cluster/${cluster}`, taskArn: `${account}:task/${cluster}/1` },
  });
  const ofService = (cluster: string): object => ({
    source: 'aws.ecs',
    'detail-type': 'ECS Service Action',
    resources: [`${account}:service/${cluster}/web`],
    detail: { eventName: 'SERVICE_STEADY_STATE', clusterArn: `${account}:cluster/${cluster}` },
  });
  const ofDeployment = (cluster: string): object => ({
    source: 'aws.ecs',
    'detail-type': 'ECS Deployment State Change',
    resources: [`${account}:service/${cluster}/web`],
    detail: { eventName: 'SERVICE_DEPLOYMENT_COMPLETED', deploymentId: 'ecs-svc/1' },
  });

  test.for([
    ['a task', ofTask],
    ['a service', ofService],
    ['a deployment', ofDeployment],
  ] as const)('of %s: calls events once when it is of the cluster', ([, event]) => {
    expect(calledBy(event('skiff'))).toEqual(['Events']);
    expect(calledBy(event('skiff2'))).toEqual([]);
    expect(calledBy(event('other'))).toEqual([]);
  });

  test('of ECS that cannot be delivered is kept', () => {
    const targets = rules().flatMap(({ Targets }) => Targets.filter(({ Arn }) => Arn.includes('EventsFunction')));
    const kept = arnOf(queue('Undelivered'));
    expect(targets.map(({ DeadLetterConfig }) => DeadLetterConfig?.Arn)).toEqual([kept, kept]);
    const { properties } = only('AWS::Lambda::Function', 'Events');
    expect(properties['DeadLetterConfig']).toEqual({ TargetArn: kept });
  });

  test('of the deployment: is followed by a bootstrap when it has succeeded', () => {
    const deployed = (stack: string, status: string): object => ({
      source: 'aws.cloudformation',
      'detail-type': 'CloudFormation Stack Status Change',
      detail: {
        'stack-id': `arn:aws:cloudformation:eu-central-1:123456789012:stack/${stack}/1`,
        'status-details': { status },
      },
    });
    expect(calledBy(deployed('skiff', 'CREATE_COMPLETE'))).toEqual(['Workflows']);
    expect(calledBy(deployed('skiff', 'UPDATE_COMPLETE'))).toEqual(['Workflows']);
    expect(calledBy(deployed('skiff', 'UPDATE_IN_PROGRESS'))).toEqual([]);
    expect(calledBy(deployed('other', 'UPDATE_COMPLETE'))).toEqual([]);
  });
});

test('workflows run as often as each of them says, and no other', () => {
  const scheduled = rules().flatMap(({ ScheduleExpression: rate, Targets }) =>
    Targets.flatMap(({ Input }) => (rate === undefined || Input === undefined ? [] : [[Input, rate] as const])),
  );
  expect(Object.fromEntries(scheduled)).toEqual({
    '{"workflow":"heal"}': 'rate(1 minute)',
    '{"workflow":"resync"}': 'rate(5 minutes)',
    '{"workflow":"bootstrap"}': 'rate(1 hour)',
  });
  const run = rules().flatMap(({ Targets }) => Targets.flatMap(({ Input }) => (Input === undefined ? [] : [Input])));
  const named = run.map((input) => z.object({ workflow: z.string() }).parse(JSON.parse(input)).workflow);
  expect(new Set(named)).toEqual(new Set(Object.keys(workflows)));
});
