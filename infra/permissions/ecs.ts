import type { OperationName } from '../../aws/operations.ts';
import { tagKeys } from '../../translate/tags.ts';
import type { PermissionRule, Targets } from './operation-permissions.ts';
import type { Permission, Resource, ResourcePattern } from './permission.ts';

// Which action takes which resources and conditions: Service Authorization Reference, "Amazon Elastic Container Service".

const arnOf = (path: string): string => `arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:${path}`;

const madeLater = 'Skiff makes these as manifests come: the names are not known before';

const services = ({ clusterName }: Targets): ResourcePattern => ({
  pattern: arnOf(`service/${clusterName}/*`),
  reason: madeLater,
});
const serviceDeployments = ({ clusterName }: Targets): ResourcePattern => ({
  pattern: arnOf(`service-deployment/${clusterName}/*`),
  reason: madeLater,
});
const tasks = ({ clusterName }: Targets): ResourcePattern => ({
  pattern: arnOf(`task/${clusterName}/*`),
  reason: madeLater,
});
/** They belong to no cluster. */
const taskDefinitions: ResourcePattern = { pattern: arnOf('task-definition/*:*'), reason: madeLater };
const everything: ResourcePattern = {
  pattern: '*',
  reason: 'ECS has no resource that these actions could be limited to',
};

type Scope = (targets: Targets) => readonly Resource[];

const on =
  (action: string, resources: Scope): PermissionRule =>
  (targets) => [{ actions: [`ecs:${action}`], resources: resources(targets) }];

/** In the installation's cluster, where no resource tells which one it is. */
const inCluster =
  (action: string, resource: Resource): PermissionRule =>
  ({ clusterArn }) => [
    {
      actions: [`ecs:${action}`],
      resources: [resource],
      conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
    },
  ];

/** Marked as the installation's. */
const marked = ({ installationName }: Targets): NonNullable<Permission['conditions']> => ({
  StringEquals: { [`aws:RequestTag/${tagKeys.installation}`]: installationName },
});

/** Tags may be given to what is being made, and to nothing that is there. */
const tagging = (action: string, resource: Resource): Permission => ({
  actions: ['ecs:TagResource'],
  resources: [resource],
  conditions: { StringEquals: { 'ecs:CreateAction': action } },
});

/** To let tasks have the one role with which ECS starts them. */
const passRole = ({ executionRoleArn }: Targets): Permission => ({
  actions: ['iam:PassRole'],
  resources: [executionRoleArn],
  conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
});

export const ecsPermissions: Readonly<Record<OperationName<'ecs'>, PermissionRule>> = {
  CreateCluster: (targets) => [
    { actions: ['ecs:CreateCluster'], resources: [targets.clusterArn], conditions: marked(targets) },
    tagging('CreateCluster', targets.clusterArn),
  ],
  CreateService: (targets) => [
    { actions: ['ecs:CreateService'], resources: [services(targets)], conditions: marked(targets) },
    tagging('CreateService', services(targets)),
    passRole(targets),
  ],
  DeleteService: on('DeleteService', (targets) => [services(targets)]),
  DeregisterTaskDefinition: on('DeregisterTaskDefinition', () => [everything]),
  DescribeClusters: on('DescribeClusters', ({ clusterArn }) => [clusterArn]),
  DescribeServiceDeployments: on('DescribeServiceDeployments', (targets) => [
    services(targets),
    serviceDeployments(targets),
  ]),
  DescribeServices: on('DescribeServices', (targets) => [services(targets)]),
  DescribeTaskDefinition: on('DescribeTaskDefinition', () => [everything]),
  DescribeTasks: on('DescribeTasks', (targets) => [tasks(targets)]),
  ListServiceDeployments: on('ListServiceDeployments', (targets) => [services(targets)]),
  ListServices: inCluster('ListServices', everything),
  ListTaskDefinitions: on('ListTaskDefinitions', () => [everything]),
  // Its resource is a container instance, of which Fargate has none.
  ListTasks: inCluster('ListTasks', everything),
  RegisterTaskDefinition: (targets) => [
    { actions: ['ecs:RegisterTaskDefinition'], resources: [taskDefinitions], conditions: marked(targets) },
    tagging('RegisterTaskDefinition', taskDefinitions),
    passRole(targets),
  ],
  RunTask: (targets) => [
    ...inCluster('RunTask', taskDefinitions)(targets, { sendsTo: [] }),
    tagging('RunTask', tasks(targets)),
    passRole(targets),
  ],
  StopServiceDeployment: on('StopServiceDeployment', (targets) => [services(targets), serviceDeployments(targets)]),
  StopTask: on('StopTask', (targets) => [tasks(targets)]),
  UpdateService: (targets) => [{ actions: ['ecs:UpdateService'], resources: [services(targets)] }, passRole(targets)],
  UpdateTaskProtection: on('UpdateTaskProtection', (targets) => [tasks(targets)]),
};
