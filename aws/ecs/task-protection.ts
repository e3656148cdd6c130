import { UpdateTaskProtectionCommand } from '@aws-sdk/client-ecs';
import { isMadeFor, type Ownership } from '../../translate/ownership.ts';
import { batches } from '../batch.ts';
import type { Clients } from '../clients.ts';
import { describeTasks } from './task.ts';

/** UpdateTaskProtection takes ten tasks a call. */
const protectedAtOnce = 10;

export interface Protection {
  readonly cluster: string;
  readonly tasks: readonly string[];
  readonly minutes: number;
  readonly ownership: Ownership;
}

/**
 * Keeps tasks of services from being stopped by scaling in for so many minutes. Left out are those that have ended, that
 * ECS does not know any more (IAM would refuse a call that names a task without tags), or that are another object's.
 */
export async function protectTasks(
  aws: Pick<Clients, 'ecs'>,
  { cluster, tasks, minutes, ownership }: Protection,
): Promise<void> {
  const running = (await describeTasks(aws, cluster, tasks)).filter(
    ({ lastStatus, tags }) => lastStatus !== 'STOPPED' && isMadeFor(tags, ownership),
  );
  const arns = running.map(({ taskArn }) => taskArn);
  for (const batch of batches(arns, protectedAtOnce)) {
    await aws.ecs.send(
      new UpdateTaskProtectionCommand({ cluster, tasks: batch, protectionEnabled: true, expiresInMinutes: minutes }),
    );
  }
}
