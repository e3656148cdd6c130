import type * as ecs from '@aws-sdk/client-ecs';

/**
 * Every AWS operation that Skiff calls, by service. From this list come the IAM statements, the completeness of the
 * local emulation (an operation without a handler does not compile) and the coverage page.
 */
export const operations = {
  ecs: [
    'CreateCluster',
    'CreateService',
    'DeleteService',
    'DeregisterTaskDefinition',
    'DescribeClusters',
    'DescribeServices',
    'DescribeTaskDefinition',
    'DescribeTasks',
    'ListServices',
    'ListTaskDefinitions',
    'ListTasks',
    'RegisterTaskDefinition',
    'RunTask',
    'StopTask',
    'UpdateService',
  ],
} as const;

export type ServiceName = keyof typeof operations;
export type OperationName<Service extends ServiceName> = (typeof operations)[Service][number];

/** The SDK's packages, for their types only: what each operation takes and answers. */
interface Packages {
  readonly ecs: typeof ecs;
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
