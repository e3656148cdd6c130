import type * as dynamodb from '@aws-sdk/client-dynamodb';
import type * as ecs from '@aws-sdk/client-ecs';
import type * as secretsmanager from '@aws-sdk/client-secrets-manager';
import type * as sqs from '@aws-sdk/client-sqs';

/**
 * Every AWS operation that Skiff calls, by service. From this list come the IAM statements, the completeness of the
 * local emulation (an operation without a handler does not compile) and the coverage page.
 */
export const operations = {
  dynamodb: ['DeleteItem', 'GetItem', 'PutItem', 'Query', 'TransactWriteItems', 'UpdateItem'],
  ecs: [
    'CreateCluster',
    'CreateService',
    'DeleteService',
    'DeregisterTaskDefinition',
    'DescribeClusters',
    'DescribeServiceDeployments',
    'DescribeServices',
    'DescribeTaskDefinition',
    'DescribeTasks',
    'ListServiceDeployments',
    'ListServices',
    'ListTaskDefinitions',
    'ListTasks',
    'RegisterTaskDefinition',
    'RunTask',
    'StopServiceDeployment',
    'StopTask',
    'UpdateService',
    'UpdateTaskProtection',
  ],
  secretsmanager: ['CreateSecret', 'DeleteSecret', 'DescribeSecret', 'RestoreSecret'],
  sqs: ['DeleteMessageBatch', 'ReceiveMessage', 'SendMessage'],
} as const;

export type ServiceName = keyof typeof operations;
export type OperationName<Service extends ServiceName> = (typeof operations)[Service][number];

/** The SDK's packages, for their types only: what each operation takes and answers. */
interface Packages {
  readonly dynamodb: typeof dynamodb;
  readonly ecs: typeof ecs;
  readonly secretsmanager: typeof secretsmanager;
  readonly sqs: typeof sqs;
}

type Command<Service extends ServiceName, Operation extends string> = Packages[Service][`${Operation}Command` &
  keyof Packages[Service]] extends new (...input: never) => infer Instance
  ? Instance
  : never;

/** `OperationInput<'ecs', 'RunTask'>` */
export type OperationInput<Service extends ServiceName, Operation extends OperationName<Service>> =
  Command<Service, Operation> extends { input: infer Input } ? Input : never;

export type OperationOutput<Service extends ServiceName, Operation extends OperationName<Service>> =
  Command<Service, Operation> extends {
    resolveMiddleware(...input: never): (...input: never) => Promise<{ output: infer Output }>;
  }
    ? Output
    : never;
