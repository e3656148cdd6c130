import type { ServiceDeployment } from '@aws-sdk/client-ecs';
import type { OperationInput, OperationOutput } from '../../../aws/operations.ts';
import { clientError, invalidParameter, serviceNotFound } from '../errors.ts';
import { arn, clusterOf, lastPart } from '../names.ts';
import { page } from '../pages.ts';
import type { DeploymentRecord, ServiceDeploymentRecord, ServiceRecord } from '../state.ts';
import { tasksOf, type View, type World } from '../world.ts';
import { failureThreshold } from './circuit-breaker.ts';

type Operation = 'DescribeServiceDeployments' | 'ListServiceDeployments' | 'StopServiceDeployment';
type Output<Op extends Operation> = Omit<OperationOutput<'ecs', Op>, '$metadata'>;

/** Service deployments are kept for 90 days; an emulation keeps the last of each service. */
const kept = 50;

/** While its status is one of these, a service deployment can be stopped. */
const stoppable: ReadonlySet<ServiceDeploymentRecord['status']> = new Set([
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
]);

const underWay = (service: ServiceRecord): ServiceDeploymentRecord | undefined =>
  service.serviceDeployments.find(({ status }) => stoppable.has(status));

const revisionArn = (view: View, service: ServiceRecord, { id }: Pick<DeploymentRecord, 'id'>): string =>
  arn(view, `service-revision/${service.cluster}/${service.name}/${lastPart(id)}`);

/** Takes note of a deployment that begins; one that was under way ends with it. */
export function openServiceDeployment(world: World, service: ServiceRecord, deployment: DeploymentRecord): void {
  const now = world.clock.now();
  close(world, service, { status: 'STOPPED', statusReason: 'Service deployment stopped by a newer one.' });
  const record: ServiceDeploymentRecord = {
    arn: arn(world, `service-deployment/${service.cluster}/${service.name}/${lastPart(deployment.id)}`),
    deployment: deployment.id,
    createdAt: now,
    updatedAt: now,
    target: revisionArn(world, service, deployment),
    sources: service.deployments.map((each) => revisionArn(world, service, each)),
    status: 'IN_PROGRESS',
  };
  service.serviceDeployments = [record, ...service.serviceDeployments].slice(0, kept);
}

/** Ends what is under way, if anything is. */
export function close(
  world: World,
  service: ServiceRecord,
  end: Pick<ServiceDeploymentRecord, 'status' | 'statusReason'>,
): void {
  const record = underWay(service);
  if (record === undefined) return;
  const now = world.clock.now();
  Object.assign(record, end, { updatedAt: now, finishedAt: now });
}

/** The service goes back to an older deployment. */
export function noteRollback(
  world: World,
  service: ServiceRecord,
  { goal, reason }: { readonly goal: Pick<DeploymentRecord, 'id'>; readonly reason: string },
): void {
  const record = underWay(service);
  if (record === undefined) return;
  const now = world.clock.now();
  Object.assign(record, {
    status: 'ROLLBACK_IN_PROGRESS',
    statusReason: reason,
    updatedAt: now,
    rollback: { reason, startedAt: now, serviceRevisionArn: revisionArn(world, service, goal) },
  });
}

/** The end of a deployment that has become as it was asked for. */
export const completeServiceDeployment = (world: World, service: ServiceRecord): void =>
  close(world, service, {
    status: underWay(service)?.status === 'ROLLBACK_IN_PROGRESS' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL',
  });

/** Whether somebody has asked to roll back what is under way. */
export const wantsRollback = (service: ServiceRecord): boolean => underWay(service)?.status === 'ROLLBACK_REQUESTED';

export function listServiceDeployments(
  view: View,
  input: OperationInput<'ecs', 'ListServiceDeployments'>,
): Output<'ListServiceDeployments'> {
  const service = serviceOf(view, input);
  const { status = [], createdAt } = input;
  const found = service.serviceDeployments.filter(
    (each) =>
      (status.length === 0 || status.includes(each.status)) &&
      each.createdAt >= (createdAt?.after?.getTime() ?? 0) &&
      each.createdAt <= (createdAt?.before?.getTime() ?? Number.POSITIVE_INFINITY),
  );
  const { items, ...rest } = page(
    found.map((each) => each.arn),
    input,
    { standard: 20, maximum: 100 },
  );
  const briefs = items.flatMap((each) => found.find((record) => record.arn === each) ?? []);
  return {
    serviceDeployments: briefs.map((record) => ({
      serviceDeploymentArn: record.arn,
      serviceArn: service.arn,
      clusterArn: arn(view, `cluster/${service.cluster}`),
      targetServiceRevisionArn: record.target,
      ...told(record),
    })),
    ...rest,
  };
}

export function describeServiceDeployments(
  view: View,
  input: OperationInput<'ecs', 'DescribeServiceDeployments'>,
): Output<'DescribeServiceDeployments'> {
  const asked = input.serviceDeploymentArns ?? [];
  if (asked.length === 0 || asked.length > 20)
    throw invalidParameter('serviceDeploymentArns must have between 1 and 20 items.');
  const answers = asked.map((wanted) => ({ wanted, found: find(view, wanted) }));
  return {
    serviceDeployments: answers.flatMap(({ found }) => (found === undefined ? [] : [describe(view, found)])),
    failures: answers.flatMap(({ wanted, found }) => (found === undefined ? [{ arn: wanted, reason: 'MISSING' }] : [])),
  };
}

/** Asks to go back to the last deployment that was completed; the scheduler does it. */
export function stopServiceDeployment(
  world: World,
  input: OperationInput<'ecs', 'StopServiceDeployment'>,
): Output<'StopServiceDeployment'> {
  const found = find(world, input.serviceDeploymentArn ?? '');
  if (found === undefined) throw clientError('Service deployment not found.');
  const { record, service } = found;
  if ((input.stopType ?? 'ROLLBACK') !== 'ROLLBACK') throw invalidParameter('stopType must be ROLLBACK.');
  if (!stoppable.has(record.status)) throw clientError('The service deployment cannot be stopped in its status.');
  if (record.status === 'IN_PROGRESS' || record.status === 'PENDING') {
    Object.assign(record, { status: 'ROLLBACK_REQUESTED', updatedAt: world.clock.now() });
    world.changed('services', service);
    world.schedule(service.arn);
  }
  return { serviceDeploymentArn: record.arn };
}

interface Found {
  readonly service: ServiceRecord;
  readonly record: ServiceDeploymentRecord;
}

function find(view: View, wanted: string): Found | undefined {
  for (const service of view.state.services.values()) {
    const record = service.serviceDeployments.find((each) => each.arn === wanted);
    if (record !== undefined) return { service, record };
  }
  return undefined;
}

function serviceOf(view: View, input: { readonly cluster?: string | undefined; readonly service: string | undefined }) {
  const cluster = clusterOf(view.state, input.cluster);
  const found = view.state.services.get(arn(view, `service/${cluster.name}/${lastPart(input.service ?? '')}`));
  if (found === undefined) throw serviceNotFound();
  return found;
}

const told = (record: ServiceDeploymentRecord): Pick<ServiceDeployment, 'createdAt' | 'finishedAt' | 'status'> => ({
  createdAt: new Date(record.createdAt),
  ...(record.finishedAt === undefined ? {} : { finishedAt: new Date(record.finishedAt) }),
  status: record.status,
  ...(record.statusReason === undefined ? {} : { statusReason: record.statusReason }),
});

function describe(view: View, { service, record }: Found): ServiceDeployment {
  const { rollback } = record;
  const breaker = service.settings.deploymentConfiguration.deploymentCircuitBreaker;
  const deployment = service.deployments.find(({ id }) => id === record.deployment);
  const tasks = tasksOf(view.state, service).filter(({ startedBy }) => startedBy === record.deployment);
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  return {
    serviceDeploymentArn: record.arn,
    serviceArn: service.arn,
    clusterArn: arn(view, `cluster/${service.cluster}`),
    ...told(record),
    startedAt: new Date(record.createdAt),
    updatedAt: new Date(record.updatedAt),
    sourceServiceRevisions: record.sources.map((each) => ({ arn: each })),
    targetServiceRevision: {
      arn: record.target,
      requestedTaskCount: service.desiredCount,
      runningTaskCount: running,
      pendingTaskCount: tasks.length - running,
    },
    deploymentConfiguration: service.settings.deploymentConfiguration,
    ...(rollback === undefined ? {} : { rollback: { ...rollback, startedAt: new Date(rollback.startedAt) } }),
    deploymentCircuitBreaker:
      breaker?.enable === true
        ? {
            status: rollback === undefined ? 'MONITORING' : 'TRIGGERED',
            failureCount: deployment?.breakerCount ?? 0,
            threshold: failureThreshold(breaker, service.desiredCount),
          }
        : { status: 'DISABLED', failureCount: 0, threshold: 0 },
  };
}
