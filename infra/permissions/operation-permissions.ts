import type { OperationName, ServiceName } from '../../aws/operations.ts';
import type { FunctionNeeds } from '../functions.ts';
import { ecsPermissions } from './ecs.ts';
import type { Permission } from './permission.ts';
import { secretsManagerPermissions } from './secrets-manager.ts';

/** What the functions work on. */
export interface Targets {
  readonly installationName: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly executionRoleArn: string;
  readonly tableArn: string;
  readonly queueArns: Readonly<Record<'work' | 'delay' | 'deadLetter', string>>;
}

/** What an operation takes to be allowed, for one function. */
export type PermissionRule = (targets: Targets, needs: Pick<FunctionNeeds, 'sendsTo'>) => readonly Permission[];

const onTable =
  (...actions: string[]): PermissionRule =>
  ({ tableArn }) => [{ actions: actions.map((action) => `dynamodb:${action}`), resources: [tableArn] }];

/** One rule for every operation of aws/operations.ts: a new one does not compile without. */
const rules: { readonly [Service in ServiceName]: Readonly<Record<OperationName<Service>, PermissionRule>> } = {
  dynamodb: {
    DeleteItem: onTable('DeleteItem'),
    GetItem: onTable('GetItem'),
    PutItem: onTable('PutItem'),
    Query: onTable('Query'),
    // IAM knows no transactions: it looks at what is in them, which is puts and updates (aws/dynamodb/table.ts).
    TransactWriteItems: onTable('PutItem', 'UpdateItem'),
    UpdateItem: onTable('UpdateItem'),
  },
  ecs: ecsPermissions,
  secretsmanager: secretsManagerPermissions,
  sqs: {
    // There is no action of its own for a batch.
    DeleteMessageBatch: ({ queueArns }) => [{ actions: ['sqs:DeleteMessage'], resources: [queueArns.work] }],
    ReceiveMessage: ({ queueArns }) => [{ actions: ['sqs:ReceiveMessage'], resources: [queueArns.work] }],
    SendMessage: ({ queueArns }, { sendsTo }) => [
      { actions: ['sqs:SendMessage'], resources: sendsTo.map((queue) => queueArns[queue]) },
    ],
  },
};

/** All that the operations of a function take. */
export const permissionsOf = (needs: FunctionNeeds, targets: Targets): readonly Permission[] =>
  servicesOf(needs).flatMap((service) => {
    const ofService: Readonly<Record<string, PermissionRule>> = rules[service];
    const called: readonly string[] = needs.operations[service] ?? [];
    return called.flatMap((operation) => ofService[operation]?.(targets, needs) ?? []);
  });

const servicesOf = ({ operations }: FunctionNeeds): ServiceName[] =>
  Object.keys(operations).filter((name): name is ServiceName => name in rules);
