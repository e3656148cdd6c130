import type { Handlers } from '../handlers.ts';
import { createCluster, describeClusters, listClusters } from './clusters.ts';
import { describeServices, listServices } from './services/describe-service.ts';
import {
  describeServiceDeployments,
  listServiceDeployments,
  stopServiceDeployment,
} from './services/service-deployments.ts';
import { updateTaskProtection } from './tasks/task-protection.ts';
import { createService, deleteService, updateService } from './services/services.ts';
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitions,
  registerTaskDefinition,
} from './task-definitions/task-definitions.ts';
import { describeTasks, listTasks, runTask, stopTask } from './tasks/tasks.ts';
import type { World } from './world.ts';

export const handlers = {
  CreateCluster: createCluster,
  CreateService: createService,
  DeleteService: deleteService,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  DescribeClusters: describeClusters,
  DescribeServiceDeployments: describeServiceDeployments,
  DescribeServices: describeServices,
  DescribeTaskDefinition: describeTaskDefinition,
  DescribeTasks: describeTasks,
  ListServiceDeployments: listServiceDeployments,
  ListServices: listServices,
  ListTaskDefinitions: listTaskDefinitions,
  ListTasks: listTasks,
  RegisterTaskDefinition: registerTaskDefinition,
  RunTask: runTask,
  StopServiceDeployment: stopServiceDeployment,
  StopTask: stopTask,
  UpdateService: updateService,
  UpdateTaskProtection: updateTaskProtection,
} satisfies Handlers<World, 'ecs'>;

/** All that is answered: also what Skiff never asks, but people do, with the aws CLI. */
export const answered = { ...handlers, ListClusters: listClusters };
