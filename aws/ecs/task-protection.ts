import { UpdateTaskProtectionCommand } from '@aws-sdk/client-ecs';
import { batches } from '../batch.ts';
import type { Clients } from '../clients.ts';

/** UpdateTaskProtection takes ten tasks a call. */
const protectedAtOnce = 10;

/** Keeps tasks of services from being stopped by scaling in for so many minutes. Those that have ended are left out. */
export async function protectTasks(
  aws: Pick<Clients, 'ecs'>,
  {
    cluster,
    tasks,
    minutes,
  }: { readonly cluster: string; readonly tasks: readonly string[]; readonly minutes: number },
): Promise<void> {
  for (const batch of batches(tasks, protectedAtOnce)) {
    await aws.ecs.send(
      new UpdateTaskProtectionCommand({ cluster, tasks: batch, protectionEnabled: true, expiresInMinutes: minutes }),
    );
  }
}
