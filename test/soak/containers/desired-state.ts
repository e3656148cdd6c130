import { z } from 'zod';
import { isOwnContainer, ownVolumes } from '../../../translate/toolbox/own-parts.ts';
import { images, type PodmanService } from '../../containers/support/podman.ts';
import { engineState } from './engine-state.ts';
import type { SkiffProcess } from './skiff-process.ts';

export type Version = 1 | 2;

/** A Deployment as somebody wants it. */
export interface Wanted {
  readonly replicas: number;
  readonly version: Version;
  /** Its pods have a volume. */
  readonly volume: boolean;
}

export const imageOf = (version: Version): string => (version === 1 ? images.nginx1 : images.nginx2);

/** The manifest of a Deployment. */
export function manifestOf(name: string, { replicas, version, volume }: Wanted): string {
  const labels = { app: name };
  const container = {
    name: 'web',
    image: imageOf(version),
    readinessProbe: { exec: { command: ['busybox', 'test', '-f', '/www/index.html'] }, periodSeconds: 5 },
    ...(volume ? { volumeMounts: [{ name: 'files', mountPath: '/files' }] } : {}),
  };
  const pod = {
    terminationGracePeriodSeconds: 1,
    containers: [container],
    ...(volume ? { volumes: [{ name: 'files', emptyDir: {} }] } : {}),
  };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    // What is killed again and again looks like a bad version.
    metadata: { name, annotations: { 'skiff.dev/rollback': 'false' } },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
  });
}

const deployments = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), generation: z.number() }),
      status: z.object({
        observedGeneration: z.number().default(0),
        replicas: z.number().default(0),
        updatedReplicas: z.number().default(0),
        readyReplicas: z.number().default(0),
      }),
    }),
  ),
});

const pods = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.object({ app: z.string() }) }),
      spec: z.object({ containers: z.tuple([z.object({ image: z.string() })]) }),
      status: z.object({
        podIP: z.string().default(''),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

type SeenPod = z.infer<typeof pods>['items'][number];

/** All in which the world differs from what is wanted, one sentence each. */
export async function differences(
  skiff: SkiffProcess,
  service: PodmanService,
  wanted: ReadonlyMap<string, Wanted>,
): Promise<string[]> {
  const { items } = pods.parse(JSON.parse(await skiff.kubectl(['get', 'pods', '-o', 'json'])));
  const found = [
    ...deploymentFaults(JSON.parse(await skiff.kubectl(['get', 'deployments', '-o', 'json'])), wanted),
    ...items.flatMap((pod) => podFaults(pod, wanted.get(pod.metadata.labels.app))),
    ...[...wanted].flatMap(([name, { replicas }]) => {
      const count = items.filter(({ metadata }) => metadata.labels.app === name).length;
      return count === replicas ? [] : [`${name} has ${count} pods instead of ${replicas}`];
    }),
    ...(await engineFaults(
      skiff,
      service,
      items.map(({ metadata }) => wanted.get(metadata.labels.app)),
    )),
  ];
  if (found.length > 0) return found;
  return (await Promise.all(items.map((pod) => execFaults(skiff, pod, wanted)))).flat();
}

function deploymentFaults(answer: unknown, wanted: ReadonlyMap<string, Wanted>): string[] {
  const { items } = deployments.parse(answer);
  const missing = [...wanted.keys()].filter((name) => !items.some(({ metadata }) => metadata.name === name));
  return [
    ...missing.map((name) => `deployment ${name} is lost`),
    ...items.flatMap(({ metadata: { name, generation }, status }) => {
      const replicas = wanted.get(name)?.replicas;
      if (replicas === undefined) return [`deployment ${name} has come back`];
      const { observedGeneration, ...counts } = status;
      const holds = observedGeneration === generation && Object.values(counts).every((count) => count === replicas);
      return holds
        ? []
        : [`deployment ${name} wants ${replicas} at ${generation}, its status: ${JSON.stringify(status)}`];
    }),
  ];
}

function podFaults({ metadata, spec, status }: SeenPod, wanted: Wanted | undefined): string[] {
  if (wanted === undefined) return [`pod ${metadata.name} is nobody's`];
  const [{ image }] = spec.containers;
  const ready = status.conditions.some(({ type, status: holds }) => type === 'Ready' && holds === 'True');
  return [
    ...(ready ? [] : [`pod ${metadata.name} is not Ready`]),
    ...(image === imageOf(wanted.version) ? [] : [`pod ${metadata.name} has image ${image}`]),
  ];
}

/**
 * Each pod has its container and the one that keeps its network, and both run; and its volumes. Skiff's own containers end by
 * themselves, or may be the ones that were harmed.
 */
async function engineFaults(
  skiff: SkiffProcess,
  service: PodmanService,
  owners: readonly (Wanted | undefined)[],
): Promise<string[]> {
  const { containers, networks, volumes } = await engineState(service, skiff.data);
  const count = (what: string, is: number, should: number): string[] =>
    is === should ? [] : [`there are ${is} ${what} instead of ${should}`];
  const needed = containers.filter(({ container }) => container === undefined || !isOwnContainer(container));
  const withVolume = owners.filter((owner) => owner?.volume === true).length;
  return [
    ...needed.filter(({ running }) => !running).map(({ name }) => `container ${name} does not run`),
    ...count('tasks', new Set(containers.map(({ task }) => task)).size, owners.length),
    ...count('containers', needed.length, owners.length * 2),
    ...count('volumes', volumes.length, owners.length * ownVolumes().length + withVolume),
    ...(networks.length > 1 ? [`there are networks ${networks.join(' ')}`] : []),
  ];
}

async function execFaults(
  skiff: SkiffProcess,
  { metadata }: SeenPod,
  wanted: ReadonlyMap<string, Wanted>,
): Promise<string[]> {
  const version = wanted.get(metadata.labels.app)?.version;
  try {
    const printed = await skiff.kubectl(['exec', metadata.name, '--', 'busybox', 'wget', '-qO-', 'http://127.0.0.1/']);
    return printed === `version ${version}\n` ? [] : [`pod ${metadata.name} runs ${JSON.stringify(printed)}`];
  } catch (error) {
    return [`exec in ${metadata.name}: ${String(error)}`];
  }
}
