import { UpdateTaskProtectionCommand } from '@aws-sdk/client-ecs';
import { batches } from '../batch.ts';
import type { Clients } from '../clients.ts';
import { describeTasks } from './task.ts';

/** UpdateTaskProtection takes ten tasks a call. */
const protectedAtOnce = 10;

/**
 * Keeps tasks of services from being stopped by scaling in for so many minutes. Those that have ended, or that ECS does not
 * know any more, are left out: IAM would refuse a call that names a task without tags.
 */
export async function protectTasks(
  aws: Pick<Clients, 'ecs'>,
  {
    cluster,
    tasks,
    minutes,
  }: { readonly cluster: string; readonly tasks: readonly string[]; readonly minutes: number },
): Promise<void> {
  const running = (await describeTasks(aws, cluster, tasks)).filter(({ lastStatus }) => lastStatus !== 'STOPPED');
  const arns = running.map(({ taskArn }) => taskArn);
  for (const batch of batches(arns, protectedAtOnce)) {
    await aws.ecs.send(
      new UpdateTaskProtectionCommand({ cluster, tasks: batch, protectionEnabled: true, expiresInMinutes: minutes }),
    );
  }
}
