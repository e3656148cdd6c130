import { ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import type { Ownership } from '../../translate/ownership.ts';
import { allPages } from '../batch.ts';
import type { Clients } from '../clients.ts';
import { deregisterTaskDefinition } from './task-definition.ts';

/**
 * Deregisters the active revisions of a family that were registered for these objects. Finds those too whose registration
 * was not recorded anywhere, since the process died in between.
 */
export async function deregisterOwnedTaskDefinitions(
  aws: Pick<Clients, 'ecs'>,
  { family, ownership }: { readonly family: string; readonly ownership: Ownership },
): Promise<void> {
  const arns = await allPages(async (nextToken) => {
    const page = await aws.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: family, status: 'ACTIVE', nextToken }),
    );
    return { items: page.taskDefinitionArns ?? [], next: page.nextToken };
  });
  for (const arn of arns) await deregisterTaskDefinition(aws, arn, ownership);
}
