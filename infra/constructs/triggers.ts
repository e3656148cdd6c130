import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { type EventPattern, Match, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { FunctionName } from '../functions.ts';
import type { Permission } from '../permissions/permission.ts';
import type { Queues } from './queues.ts';

/** How many reconcilers work at once: each counts its own calls, and ECS limits those of the account (aws/rate.ts). */
const reconcilers = 10;

/** An event that is late by this says nothing that a resync has not found. */
const oldestEvent = Duration.hours(1);

/** What Lambda needs to read a queue in a function's name. */
export const reading = (queue: IQueue): Permission => ({
  actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
  resources: [queue.queueArn],
});

export interface TriggersOptions {
  readonly lambdas: Readonly<Record<FunctionName, LambdaFunction>>;
  readonly queues: Queues;
  readonly clusterName: string;
  readonly clusterArn: string;
}

/** What calls the functions, as functions/README.md lists it. */
export class Triggers extends Construct {
  private readonly options: TriggersOptions;

  constructor(scope: Construct, id: string, options: TriggersOptions) {
    super(scope, id);
    this.options = options;
    this.readQueues();
    this.hearEcs();
    this.schedule();
  }

  private readQueues(): void {
    const { lambdas, queues } = this.options;
    new EventSourceMapping(this, 'Work', {
      target: lambdas.reconcile,
      eventSourceArn: queues.work.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: reconcilers,
    });
    new EventSourceMapping(this, 'Delay', {
      target: lambdas.delays,
      eventSourceArn: queues.delay.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
  }

  /** Those detail-types that functions/events takes, of the installation's cluster. */
  private hearEcs(): void {
    const { clusterName, clusterArn, lambdas } = this.options;
    lambdas.events.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: oldestEvent });
    this.hear('Changes', {
      detailType: ['ECS Task State Change', 'ECS Service Action'],
      detail: { clusterArn: [clusterArn] },
    });
    // Of these only the service's ARN tells the cluster.
    const services = Stack.of(this).formatArn({ service: 'ecs', resource: 'service', resourceName: `${clusterName}/` });
    this.hear('Deployments', {
      detailType: ['ECS Deployment State Change'],
      resources: Match.prefix(services),
    });
  }

  private hear(id: string, pattern: EventPattern): void {
    const { lambdas, queues } = this.options;
    new Rule(this, id, {
      eventPattern: { source: ['aws.ecs'], ...pattern },
      targets: [new LambdaTarget(lambdas.events, { deadLetterQueue: queues.undelivered, maxEventAge: oldestEvent })],
    });
  }

  private schedule(): void {
    const every = (id: string, rate: Duration, workflow: string): Rule =>
      new Rule(this, id, { schedule: Schedule.rate(rate), targets: [this.run(workflow)] });
    every('Heal', Duration.minutes(1), 'heal');
    every('Resync', Duration.minutes(5), 'resync');
    every('Bootstrap', Duration.hours(1), 'bootstrap');
    // CloudFormation tells when the stack is up: no resource has to stand in for a call.
    new Rule(this, 'Deployed', {
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: {
          'stack-id': [Aws.STACK_ID],
          'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] },
        },
      },
      targets: [this.run('bootstrap')],
    });
  }

  private run(workflow: string): LambdaTarget {
    return new LambdaTarget(this.options.lambdas.workflows, { event: RuleTargetInput.fromObject({ workflow }) });
  }
}
