import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type Service,
  type Task,
} from '@aws-sdk/client-ecs';
import { deployment, type Deployment } from '../../../kubernetes/kinds/apps/deployment.ts';
import { replicaSet, type ReplicaSet } from '../../../kubernetes/kinds/apps/replica-set.ts';
import { pod as podKind, type Pod } from '../../../kubernetes/kinds/core/pod.ts';
import type { Noted } from '../../../kubernetes/notes.ts';
import type { Cluster } from '../../support/cluster.ts';

const inCluster = { cluster: 'skiff' };

export async function tasksOf(cluster: Cluster, desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING'): Promise<Task[]> {
  const { ecs } = cluster.emulation.clients;
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ ...inCluster, desiredStatus }));
  if (taskArns.length === 0) return [];
  return (await ecs.send(new DescribeTasksCommand({ ...inCluster, tasks: taskArns }))).tasks ?? [];
}

export async function servicesOf(cluster: Cluster): Promise<Service[]> {
  const { ecs } = cluster.emulation.clients;
  const { serviceArns = [] } = await ecs.send(new ListServicesCommand(inCluster));
  if (serviceArns.length === 0) return [];
  return (await ecs.send(new DescribeServicesCommand({ ...inCluster, services: serviceArns }))).services ?? [];
}

export async function definitionsOf(cluster: Cluster): Promise<string[]> {
  const { taskDefinitionArns = [] } = await cluster.emulation.clients.ecs.send(
    new ListTaskDefinitionsCommand({ status: 'ACTIVE' }),
  );
  return taskDefinitionArns;
}

export const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;

/** So many pods, all of them ready. */
export const readyPods = (cluster: Cluster, count: number) => async (): Promise<Noted<Pod>[] | undefined> => {
  const pods = await cluster.list(podKind);
  return pods.length === count && pods.every(isReady) ? pods : undefined;
};

/** What `kubectl rollout status` waits for. */
export const rolledOut =
  (cluster: Cluster, name = 'web') =>
  async (): Promise<Deployment | undefined> => {
    const found = await cluster.get(deployment, name);
    const { status, spec, metadata } = found ?? {};
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, observedGeneration = 0 } = status ?? {};
    const done =
      observedGeneration >= (metadata?.generation ?? 0) &&
      updatedReplicas === spec?.replicas &&
      replicas === updatedReplicas &&
      availableReplicas === updatedReplicas;
    return done ? found : undefined;
  };

export const condition = (found: Deployment | undefined, type: string): string | undefined =>
  found?.status?.conditions?.find((each) => each.type === type)?.reason;

/** ReplicaSets by image, oldest revision first. */
export const replicaSetsOf = async (cluster: Cluster): Promise<Noted<ReplicaSet>[]> =>
  (await cluster.list(replicaSet)).toSorted((a, b) => revision(a) - revision(b));

export const revision = ({ metadata }: ReplicaSet): number =>
  Number(metadata.annotations?.['deployment.kubernetes.io/revision']);

export const imageOf = ({ spec }: ReplicaSet | Pod): string | undefined =>
  ('template' in spec ? spec.template.spec : spec).containers[0]?.image;
