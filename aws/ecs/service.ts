import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  UpdateServiceCommand,
  type Service,
} from '@aws-sdk/client-ecs';
import { parseEcsService, type EcsService } from '../../translate/ecs-state.ts';
import { isMadeFor, ownershipOf, type Ownership } from '../../translate/ownership.ts';
import type { EcsServicePlan } from '../../translate/plan.ts';
import { allPages, batches } from '../batch.ts';
import type { Clients } from '../clients.ts';
import { contentHash } from '../content-hash.ts';
import { isNamed, NotOursError, whileDoing } from '../errors.ts';
import { serviceChanges } from './service-changes.ts';
import { requireOwnDefinition } from './task-definition.ts';

type Ecs = Pick<Clients, 'ecs'>;

/** DescribeServices takes ten names a call. */
const describedAtOnce = 10;

/** Services by name, in batches; those that were never there or are gone (INACTIVE) are left out. */
export async function observeServices(aws: Ecs, cluster: string, names: readonly string[]): Promise<EcsService[]> {
  const described = await describe(aws, cluster, names);
  return described.flatMap((service) => readService(service) ?? []);
}

/** One service; undefined when there is none, or none any more. One that is being deleted is DRAINING. */
export async function observeService(aws: Ecs, cluster: string, name: string): Promise<EcsService | undefined> {
  return (await observeServices(aws, cluster, [name]))[0];
}

/** A service as it is now: in ECS's own words, to be compared with a plan, and in ours. */
export interface SeenService {
  /** INACTIVE ones too. */
  readonly answer: Service | undefined;
  /** Undefined when there is none, or none any more. */
  readonly service: EcsService | undefined;
}

/** Looks at one service, for who decides by it what to apply. Throws NotOursError when it was made for another object. */
export async function lookAtService(aws: Ecs, named: NamedService): Promise<SeenService> {
  const answer = await describeOwn(aws, named);
  return { answer, service: readService(answer) };
}

/** A service by its name, and whose it has to be. */
export interface NamedService {
  readonly cluster: string;
  readonly serviceName: string;
  readonly ownership: Ownership;
}

async function describeOwn(aws: Ecs, { cluster, serviceName, ownership }: NamedService): Promise<Service | undefined> {
  const [answer] = await describe(aws, cluster, [serviceName]);
  if (answer === undefined || answer.status === 'INACTIVE' || isMadeFor(answer.tags ?? [], ownership)) return answer;
  throw new NotOursError(`service ${serviceName}`);
}

/** ARNs of all services of a cluster. */
export const listServices = (aws: Ecs, cluster: string): Promise<string[]> =>
  allPages(async (nextToken) => {
    const page = await aws.ecs.send(new ListServicesCommand({ cluster, maxResults: 100, nextToken }));
    return { items: page.serviceArns ?? [], next: page.nextToken };
  });

async function describe(aws: Ecs, cluster: string, names: readonly string[]): Promise<Service[]> {
  const pages: Service[] = [];
  for (const services of batches(names, describedAtOnce)) {
    const answer = await aws.ecs.send(new DescribeServicesCommand({ cluster, services, include: ['TAGS'] }));
    pages.push(...(answer.services ?? []));
  }
  return pages;
}

const readService = (service: Service | undefined): EcsService | undefined => {
  const parsed = parseEcsService(service);
  return parsed?.status === 'INACTIVE' ? undefined : parsed;
};

export interface AppliedService {
  /**
   * As it is after the call. With status DRAINING nothing was done: the name stays taken until the last tasks have stopped,
   * and whoever asked has to come again.
   */
  readonly service: EcsService;
  readonly changed: boolean;
}

/**
 * Makes a service what the plan says. What is so already is not written: a second call only reads. Who has just looked at
 * the service says what was `seen`, and it is not read again.
 */
export async function applyService(aws: Ecs, plan: EcsServicePlan, seen?: SeenService): Promise<AppliedService> {
  return whileDoing(`applying service ${plan.serviceName}`, async () => {
    const { answer: observed } = seen ?? (await lookAtService(aws, namedBy(plan)));
    if (observed === undefined || observed.status === 'INACTIVE') return create(aws, plan, observed);
    return update(aws, plan, observed);
  });
}

/**
 * What creates a service. The token makes a repeated call safe; one made anew under the name of one that is gone gets
 * another token.
 */
export const creation = (plan: EcsServicePlan, gone?: Service): EcsServicePlan & { readonly clientToken: string } => ({
  ...plan,
  clientToken: contentHash({ plan, after: gone?.createdAt?.toISOString() }),
});

const namedBy = ({ cluster, serviceName, tags }: EcsServicePlan): NamedService => ({
  cluster,
  serviceName,
  ownership: ownershipOf(tags),
});

async function create(aws: Ecs, plan: EcsServicePlan, gone: Service | undefined): Promise<AppliedService> {
  await requireOwnDefinition(aws, plan.taskDefinition, ownershipOf(plan.tags));
  try {
    const { service } = await aws.ecs.send(new CreateServiceCommand(creation(plan, gone)));
    return { service: required(service, plan), changed: true };
  } catch (error) {
    // Somebody else has made it meanwhile: ECS calls that a wrong parameter.
    if (!isNamed(error, 'InvalidParameterException', 'ConflictException')) throw error;
    const observed = await describeOwn(aws, namedBy(plan));
    if (observed === undefined || observed.status === 'INACTIVE') throw error;
    return update(aws, plan, observed);
  }
}

async function update(aws: Ecs, plan: EcsServicePlan, observed: Service): Promise<AppliedService> {
  const changes = observed.status === 'ACTIVE' ? serviceChanges(observed, plan) : undefined;
  if (changes === undefined) return { service: required(observed, plan), changed: false };
  if (changes.taskDefinition !== undefined) {
    await requireOwnDefinition(aws, plan.taskDefinition, ownershipOf(plan.tags));
  }
  const { service } = await aws.ecs.send(
    new UpdateServiceCommand({ cluster: plan.cluster, service: plan.serviceName, ...changes }),
  );
  return { service: required(service, plan), changed: true };
}

function required(service: Service | undefined, plan: EcsServicePlan): EcsService {
  const parsed = parseEcsService(service);
  if (parsed === undefined) throw new Error(`ECS answered without service ${plan.serviceName}`);
  return parsed;
}

/**
 * Deletes a service with its tasks. Call it until it answers `gone`: tasks get their time to stop. One that was made for
 * another object counts as gone.
 */
export async function removeService(
  aws: Ecs,
  { cluster, serviceName, ownership }: NamedService,
): Promise<'gone' | 'draining'> {
  const observed = await observeService(aws, cluster, serviceName);
  if (observed === undefined || !isMadeFor(observed.tags, ownership)) return 'gone';
  if (observed.status === 'DRAINING') return 'draining';
  try {
    const { service } = await aws.ecs.send(new DeleteServiceCommand({ cluster, service: serviceName, force: true }));
    return service?.status === 'INACTIVE' ? 'gone' : 'draining';
  } catch (error) {
    if (isNamed(error, 'ServiceNotFoundException', 'ServiceNotActiveException')) return 'gone';
    throw error;
  }
}
