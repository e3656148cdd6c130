import { lastPart } from '../names.ts';
import type { DeploymentRecord, ServiceRecord } from '../state.ts';
import type { World } from '../world.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html */
const keptEvents = 100;

/** Adds to the service's events, which people read in DescribeServices: `(service web) …`. */
export function say(world: World, service: ServiceRecord, message: string): void {
  const event = { id: world.newId(), createdAt: world.clock.now(), message: `(service ${service.name}) ${message}` };
  service.events = [event, ...service.events].slice(0, keptEvents);
  world.changed('services', service);
}

/** `(task 1f2e…) (task 3d4c…)` */
export const tasksInWords = (arns: readonly string[]): string =>
  arns.map((each) => `(task ${lastPart(each)})`).join(' ');

type ActionName = 'SERVICE_STEADY_STATE' | 'SERVICE_TASK_START_IMPAIRED' | 'TASKS_STOPPED';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html */
export function publishAction(world: World, service: ServiceRecord, eventName: ActionName): void {
  world.publish({
    'detail-type': 'ECS Service Action',
    resources: [service.arn],
    detail: {
      eventType: eventName === 'SERVICE_TASK_START_IMPAIRED' ? 'WARN' : 'INFO',
      eventName,
      clusterArn: clusterArn(service),
      createdAt: new Date(world.clock.now()).toISOString(),
    },
  });
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
export function publishDeployment(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  world.publish({
    'detail-type': 'ECS Deployment State Change',
    resources: [service.arn],
    detail: {
      eventType: deployment.rolloutState === 'FAILED' ? 'ERROR' : 'INFO',
      eventName: `SERVICE_DEPLOYMENT_${deployment.rolloutState}`,
      clusterArn: clusterArn(service),
      deploymentId: deployment.id,
      updatedAt: new Date(deployment.updatedAt).toISOString(),
      reason: deployment.rolloutStateReason,
    },
  });
}

const clusterArn = (service: ServiceRecord): string =>
  service.arn.replace(/:service\/.*$/, `:cluster/${service.cluster}`);
