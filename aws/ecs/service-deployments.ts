import { ListServiceDeploymentsCommand, StopServiceDeploymentCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import type { Clients } from '../clients.ts';
import { isNamed, whileDoing } from '../errors.ts';

type Ecs = Pick<Clients, 'ecs'>;

/** How one attempt to change a service's tasks has gone. */
export interface ServiceDeployment {
  readonly arn: string;
  /** `IN_PROGRESS`, `SUCCESSFUL`, `ROLLBACK_SUCCESSFUL`, … */
  readonly status: string;
  readonly statusReason: string | undefined;
}

interface Named {
  readonly cluster: string;
  readonly service: string;
}

/** The newest of a service that ECS remembers (90 days), undefined when there is none. */
export async function latestServiceDeployment(
  aws: Ecs,
  { cluster, service }: Named,
): Promise<ServiceDeployment | undefined> {
  // One page is enough, in whichever order they come: all of them are not older than the 20 before.
  const { serviceDeployments = [] } = await aws.ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
  const [latest] = serviceDeployments.toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  if (latest?.serviceDeploymentArn === undefined) return undefined;
  const { serviceDeploymentArn: arn, status = '', statusReason } = latest;
  return { arn, status, statusReason };
}

/**
 * Makes ECS go back to the last deployment of the service that was completed. Nothing to be done when none is under way,
 * or when it goes back already.
 */
export async function rollBackService(aws: Ecs, named: Named): Promise<void> {
  await whileDoing(`rolling back service ${named.service}`, async () => {
    const latest = await latestServiceDeployment(aws, named);
    if (latest?.status !== 'IN_PROGRESS' && latest?.status !== 'PENDING') return;
    try {
      await aws.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: latest.arn, stopType: 'ROLLBACK' }));
    } catch (error) {
      // It has ended in this moment: what it has come to is looked at next.
      if (!isNamed(error, 'ClientException', 'ConflictException', 'ServiceDeploymentNotFoundException')) throw error;
    }
  });
}

/** Begins a deployment of what the service has already. */
export async function redeployService(aws: Ecs, { cluster, service }: Named): Promise<void> {
  await aws.ecs.send(new UpdateServiceCommand({ cluster, service, forceNewDeployment: true }));
}
