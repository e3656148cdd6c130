import type { EcsTask } from '../../translate/ecs-state.ts';
import type { Clients } from '../clients.ts';
import { describeTasks, listTasks } from './task.ts';

/** The tasks of a service that have stopped, or are to: as long as ECS knows them, an hour at least. */
export const observeStoppedTasks = async (
  aws: Pick<Clients, 'ecs'>,
  cluster: string,
  serviceName: string,
): Promise<EcsTask[]> =>
  describeTasks(aws, cluster, await listTasks(aws, cluster, { serviceName, desiredStatus: 'STOPPED' }));
