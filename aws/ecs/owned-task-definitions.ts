import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand } from '@aws-sdk/client-ecs';
import { ownerOfTags } from '../../translate/tags.ts';
import { allPages } from '../batch.ts';
import type { Clients } from '../clients.ts';
import { deregisterTaskDefinition } from './task-definition.ts';

/**
 * Deregisters the active revisions of a family that were registered on behalf of the object with this uid. Finds those
 * too whose registration was not recorded anywhere, since the process died in between.
 */
export async function deregisterOwnedTaskDefinitions(
  aws: Pick<Clients, 'ecs'>,
  owned: { readonly family: string; readonly uid: string },
): Promise<void> {
  const arns = await allPages(async (nextToken) => {
    const page = await aws.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: owned.family, status: 'ACTIVE', nextToken }),
    );
    return { items: page.taskDefinitionArns ?? [], next: page.nextToken };
  });
  for (const arn of arns) {
    const { taskDefinition, tags = [] } = await aws.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }),
    );
    if (ownerOfTags(tags)?.uid === owned.uid) await deregisterTaskDefinition(aws, arn, taskDefinition);
  }
}
