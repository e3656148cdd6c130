import { operations, type OperationName, type ServiceName } from '../aws/operations.ts';

/** AWS operations, by service. */
export type Operations = { readonly [Service in ServiceName]?: readonly OperationName<Service>[] };

/** What a function of functions/ needs. */
export interface FunctionNeeds {
  readonly description: string;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** What it calls: its role allows this and nothing else. */
  readonly operations: Operations;
  /** The queues that it sends to. */
  readonly sendsTo: readonly ('work' | 'delay' | 'deadLetter')[];
  /** Whether what it sends comes back to it: to look again later. */
  readonly asksForItself: boolean;
}

/** Nobody but the store calls DynamoDB. */
const store = operations.dynamodb;

/** Who writes to the store asks for the work that comes of it. */
const asks = ['work', 'delay'] as const;

/** Each folder of functions/ with a handler, by its name. */
export const functions = {
  api: {
    description: 'answers the Kubernetes API',
    memoryMiB: 1024,
    // Lambda's longest, for a watch stays open as long as it may.
    timeoutSeconds: 900,
    operations: { dynamodb: store, sqs: ['SendMessage'] },
    sendsTo: asks,
    asksForItself: false,
  },
  reconcile: {
    description: 'makes AWS what the objects say',
    memoryMiB: 1024,
    timeoutSeconds: 300,
    operations: {
      dynamodb: store,
      sqs: ['DeleteMessageBatch', 'SendMessage'],
      ecs: [
        'CreateService',
        'DeleteService',
        'DeregisterTaskDefinition',
        'DescribeServices',
        'DescribeTaskDefinition',
        'DescribeTasks',
        'ListServiceDeployments',
        'ListTaskDefinitions',
        'ListTasks',
        'RegisterTaskDefinition',
        'RunTask',
        'StopServiceDeployment',
        'StopTask',
        'UpdateService',
        'UpdateTaskProtection',
      ],
      secretsmanager: operations.secretsmanager,
    },
    sendsTo: [...asks, 'deadLetter'],
    asksForItself: true,
  },
  delays: {
    description: 'sends on what is due',
    memoryMiB: 256,
    timeoutSeconds: 30,
    operations: { sqs: ['SendMessage'] },
    sendsTo: asks,
    asksForItself: true,
  },
  events: {
    description: 'writes down what ECS says',
    memoryMiB: 512,
    timeoutSeconds: 60,
    operations: { dynamodb: store, sqs: ['SendMessage'], ecs: ['DescribeServices'] },
    sendsTo: asks,
    asksForItself: false,
  },
  workflows: {
    description: 'runs what a schedule asks for',
    memoryMiB: 1024,
    timeoutSeconds: 300,
    operations: { dynamodb: store, sqs: ['SendMessage'], ecs: ['CreateCluster', 'DescribeClusters'] },
    sendsTo: asks,
    asksForItself: false,
  },
} as const satisfies Record<string, FunctionNeeds>;

export type FunctionName = keyof typeof functions;
