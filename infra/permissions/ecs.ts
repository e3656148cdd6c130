import type { OperationName } from '../../aws/operations.ts';
import { tagKeys } from '../../translate/tags.ts';
import type { PermissionRule, Targets } from './operation-permissions.ts';
import type { Conditions, Permission, Resource, ResourcePattern } from './permission.ts';
import { allOf, marked, owned, readsWhatIsMissing } from './tag-conditions.ts';

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

/** Looks at something, or at what is not there (any more). */
const reads =
  (action: string, resources: Scope, open: string = readsWhatIsMissing): PermissionRule =>
  (targets) => [{ actions: [`ecs:${action}`], resources: resources(targets), open }];

/** Changes what is there: only what the installation has made. */
const changes =
  (action: string, resource: (targets: Targets) => Resource): PermissionRule =>
  (targets) => [{ actions: [`ecs:${action}`], resources: [resource(targets)], conditions: owned(targets) }];

const inCluster = ({ clusterArn }: Targets): Conditions => ({ ArnEquals: { 'ecs:cluster': clusterArn } });

/** In the installation's cluster, where no resource tells which one it is. */
const lists =
  (action: string): PermissionRule =>
  (targets) => [
    {
      actions: [`ecs:${action}`],
      resources: [everything],
      conditions: inCluster(targets),
      open: 'lists have no resource that could have tags; the cluster is the installation’s',
    },
  ];

/** Tags may be given to what is being made, and to nothing that is there. */
const tagging = (action: string, resource: Resource, conditions: Conditions): Permission => ({
  actions: ['ecs:TagResource'],
  resources: [resource],
  conditions: allOf({ StringEquals: { 'ecs:CreateAction': action } }, conditions),
});

/** To let tasks have the one role with which ECS starts them. */
const passRole = ({ executionRoleArn }: Targets): Permission => ({
  actions: ['iam:PassRole'],
  resources: [executionRoleArn],
  conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
});

/** The cluster is made at the first start, and has the installation's tag alone. */
const markedCluster = ({ installationName }: Targets): Conditions => ({
  StringEquals: { [`aws:RequestTag/${tagKeys.installation}`]: installationName },
  'ForAllValues:StringEquals': { 'aws:TagKeys': [tagKeys.installation] },
});

export const ecsPermissions: Readonly<Record<OperationName<'ecs'>, PermissionRule>> = {
  CreateCluster: (targets) => [
    { actions: ['ecs:CreateCluster'], resources: [targets.clusterArn], conditions: markedCluster(targets) },
    tagging('CreateCluster', targets.clusterArn, markedCluster(targets)),
  ],
  // IAM knows which task definition it is by its ARN alone, not by its tags: the code compares them.
  CreateService: (targets) => [
    { actions: ['ecs:CreateService'], resources: [services(targets)], conditions: marked(targets) },
    tagging('CreateService', services(targets), marked(targets)),
    passRole(targets),
  ],
  DeleteService: changes('DeleteService', services),
  DeregisterTaskDefinition: reads(
    'DeregisterTaskDefinition',
    () => [everything],
    'IAM knows neither a resource nor a condition of it: the code compares the tags before it calls',
  ),
  DescribeClusters: reads('DescribeClusters', ({ clusterArn }) => [clusterArn]),
  DescribeServiceDeployments: reads('DescribeServiceDeployments', (targets) => [
    services(targets),
    serviceDeployments(targets),
  ]),
  DescribeServices: reads('DescribeServices', (targets) => [services(targets)]),
  DescribeTaskDefinition: reads(
    'DescribeTaskDefinition',
    () => [everything],
    'IAM knows neither a resource nor a condition of it',
  ),
  DescribeTasks: reads('DescribeTasks', (targets) => [tasks(targets)]),
  ListServiceDeployments: reads('ListServiceDeployments', (targets) => [services(targets)]),
  ListServices: lists('ListServices'),
  ListTaskDefinitions: reads('ListTaskDefinitions', () => [everything], 'IAM knows no resource and no condition of it'),
  // Its resource is a container instance, of which Fargate has none.
  ListTasks: lists('ListTasks'),
  RegisterTaskDefinition: (targets) => [
    { actions: ['ecs:RegisterTaskDefinition'], resources: [taskDefinitions], conditions: marked(targets) },
    tagging('RegisterTaskDefinition', taskDefinitions, marked(targets)),
    passRole(targets),
  ],
  // The task definition is the installation’s, and so is the task.
  RunTask: (targets) => [
    {
      actions: ['ecs:RunTask'],
      resources: [taskDefinitions],
      conditions: allOf(owned(targets), marked(targets), inCluster(targets)),
    },
    tagging('RunTask', tasks(targets), marked(targets)),
    passRole(targets),
  ],
  // It takes both. Nobody can tag a service deployment: it goes by the service that it is of.
  StopServiceDeployment: (targets) => [
    { actions: ['ecs:StopServiceDeployment'], resources: [services(targets)], conditions: owned(targets) },
    {
      actions: ['ecs:StopServiceDeployment'],
      resources: [serviceDeployments(targets)],
      conditions: inCluster(targets),
      open: 'a service deployment cannot be tagged; the service that it is of has to be the installation’s',
    },
  ],
  StopTask: changes('StopTask', tasks),
  UpdateService: (targets) => [...changes('UpdateService', services)(targets, { sendsTo: [] }), passRole(targets)],
  UpdateTaskProtection: changes('UpdateTaskProtection', tasks),
};
