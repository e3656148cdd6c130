import type { ConfigMap } from '../kubernetes/kinds/core/config-map.ts';
import type { PodSpec, PodTemplateSpec } from '../kubernetes/kinds/core/pod.ts';
import type { Secret } from '../kubernetes/kinds/core/secret.ts';
import type { ServiceAccount } from '../kubernetes/kinds/core/service-account.ts';
import { logsTo, translateContainer, type ContainerSurroundings, type TranslatedContainer } from './container.ts';
import { translateEnvironment } from './environment.ts';
import { hasStartupProbe } from './health-check.ts';
import { hideEnvironment } from './hidden-environment.ts';
import type { Installation } from './installation.ts';
import { taskDefinitionFamily } from './names.ts';
import {
  mostTaskDefinitionBytes,
  type ContainerPlan,
  type DependencyPlan,
  type Finding,
  type Owner,
  type TaskDefinitionPlan,
  type Translation,
} from './plan.ts';
import { placedContainers, type PlacedContainer } from './pod-parts.ts';
import { translatePorts } from './ports.ts';
import { translatePullSecrets } from './pull-secrets.ts';
import type { SecretArn } from './secret.ts';
import { simulationWarnings } from './simulation.ts';
import { supportFindings } from './support.ts';
import { ownershipTags } from './tags.ts';
import { fargateSize, fargateSizes, podNeed, type Size } from './task-size.ts';
import { ownVolumes, takenNames, toolboxContainer } from './toolbox/own-parts.ts';
import { ownContainers } from './toolbox/toolbox.ts';
import { translateVolumes } from './volumes.ts';

/** What a translation looks up: the objects of the pod's own namespace, by name. */
export interface Surroundings {
  readonly installation: Installation;
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly secrets: ReadonlyMap<string, Secret>;
  /** The pod's; only needed when the pod names no imagePullSecrets itself. */
  readonly serviceAccount?: ServiceAccount | undefined;
  /** Asked for each thing that is to be in Secrets Manager, and the same each time. */
  readonly secretArn: SecretArn;
}

export interface TranslatedTaskDefinition extends Translation<TaskDefinitionPlan> {
  /** Secrets of the pod's imagePullSecrets that are not there. They are done without, as by a kubelet. */
  readonly missingPullSecrets: readonly string[];
}

export interface PodSource {
  readonly owner: Owner;
  readonly template: PodTemplateSpec;
}

/** Quotas of a task definition (ECS developer guide, "Service quotas"). */
const mostContainers = 10;
/** ECS's range of stopTimeout on Fargate, seconds. */
const leastStopSeconds = 2;
const mostStopSeconds = 120;

/**
 * The Fargate task definition of a pod template. Paths of findings begin at the template's root, `spec.containers[0]…`.
 * What the support table says of each field is among them.
 */
export function translateTaskDefinition(pod: PodSource, surroundings: Surroundings): TranslatedTaskDefinition {
  const { owner, template } = pod;
  const { spec } = template;
  const containerCount = placedContainers(spec).length;
  if (containerCount > mostContainers) {
    return { plan: undefined, warnings: [], refused: [tooManyContainers(containerCount)], missingPullSecrets: [] };
  }
  const table = supportFindings(spec, 'spec');
  const size = taskSize(spec);
  const volumes = translateVolumes(spec, size.value);
  const ports = translatePorts(spec);
  const stop = stopTimeout(spec);
  const logPrefix = taskDefinitionFamily(owner.namespace, owner.name);
  const { installation } = surroundings;
  const logConfiguration = logsTo(installation, logPrefix);
  const toolbox = { spec, namespace: owner.namespace, image: installation.toolboxImage, logConfiguration };
  const containers = translateContainers(pod, surroundings, {
    taskSize: size.value,
    ports,
    volumes,
    logConfiguration,
    stopTimeout: stop.seconds,
  });
  const plan: TaskDefinitionPlan = {
    family: logPrefix,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: architecture(spec) },
    cpu: String(size.value.cpuUnits),
    memory: String(size.value.memoryMiB),
    executionRoleArn: installation.executionRoleArn,
    ...(volumes.ephemeralStorage === undefined ? {} : { ephemeralStorage: volumes.ephemeralStorage }),
    ...(spec.shareProcessNamespace === true ? { pidMode: 'task' as const } : {}),
    containerDefinitions: [...withSystemControls(containers.translated, spec), ...ownContainers(toolbox)],
    volumes: [...volumes.volumes, ...ownVolumes()],
    tags: ownershipTags(installation, owner),
  };
  const warnings = [
    ...table.warnings,
    ...simulationWarnings(template),
    ...stop.warnings,
    ...ports.warnings,
    ...volumes.warnings,
    ...endings(spec),
    ...containers.translated.flatMap((each) => each.warnings),
  ];
  const refused = [
    ...table.refused,
    ...platform(spec),
    ...takenNames(spec),
    ...size.refused,
    ...volumes.refused,
    ...containers.refused,
    ...containers.translated.flatMap((each) => each.refused),
    ...tooMuch(plan),
  ];
  const { missingPullSecrets } = containers;
  return { plan: refused.length === 0 ? plan : undefined, warnings, refused, missingPullSecrets };
}

interface TranslatedContainers {
  readonly translated: readonly TranslatedContainer[];
  readonly missingPullSecrets: readonly string[];
  readonly refused: readonly Finding[];
}

/** All containers, with what they have together in Secrets Manager. */
function translateContainers(
  pod: PodSource,
  surroundings: Surroundings,
  shared: Pick<ContainerSurroundings, 'taskSize' | 'ports' | 'volumes' | 'logConfiguration' | 'stopTimeout'>,
): TranslatedContainers {
  const { spec } = pod.template;
  const source = { ...surroundings, ...pod, ...shared };
  const placed = placedContainers(spec);
  const resolved = placed.map((each) => ({ placed: each, environment: translateEnvironment(each, source) }));
  const hidden = hideEnvironment(resolved, surroundings.secretArn);
  const pullSecrets = translatePullSecrets(spec, surroundings);
  const translated = resolved.map((each, index) =>
    translateContainer(each, dependencies(placed, index), { ...source, pullSecrets, hidden: hidden.of }),
  );
  return {
    translated,
    missingPullSecrets: pullSecrets.missing,
    refused: [...pullSecrets.refused, ...hidden.refused],
  };
}

function taskSize(spec: PodSpec): { readonly value: Size; readonly refused: readonly Finding[] } {
  const needed = podNeed(spec);
  const size = fargateSize(needed);
  if (size !== undefined) return { value: size, refused: [] };
  const [largest, memories] = fargateSizes.at(-1) ?? [0, []];
  const asked = `${needed.cpuUnits / 1024} vCPU and ${needed.memoryMiB} MiB`;
  const most = `${largest / 1024} vCPU and ${memories.at(-1) ?? 0} MiB`;
  return {
    value: needed,
    refused: [{ path: 'spec.containers', message: `the pod needs ${asked}: Fargate's largest size is ${most}` }],
  };
}

function stopTimeout(spec: PodSpec): { readonly seconds: number; readonly warnings: readonly Finding[] } {
  const asked = spec.terminationGracePeriodSeconds ?? 30;
  const seconds = Math.min(mostStopSeconds, Math.max(leastStopSeconds, asked));
  if (asked <= mostStopSeconds) return { seconds, warnings: [] };
  const message = `Fargate stops a container after at most ${mostStopSeconds} s: that is used for ${asked} s`;
  return { seconds, warnings: [{ path: 'spec.terminationGracePeriodSeconds', message }] };
}

/**
 * Init containers run one after the other; a sidecar counts as done when it runs, or is healthy when it has a startup
 * probe. Each container depends on the one before it among them, and main containers on every sidecar too, so that those
 * are stopped last. Whatever waits for nobody else waits for the toolbox.
 */
function dependencies(placed: readonly PlacedContainer[], index: number): DependencyPlan[] {
  const current = placed[index];
  const before = placed.filter((each, position) => each.role !== 'main' && position < index);
  const last = before.at(-1);
  if (last === undefined) return [{ containerName: toolboxContainer, condition: 'SUCCESS' }];
  const needed = before.filter((each) => each === last || (each.role === 'sidecar' && current?.role === 'main'));
  return needed.map(({ container, role }) => {
    if (role === 'init') return { containerName: container.name, condition: 'SUCCESS' };
    return { containerName: container.name, condition: hasStartupProbe(container) ? 'HEALTHY' : 'START' };
  });
}

/** Kubernetes' labels of nodes, each with the name that it had until 1.14 and that many manifests still use. */
const architectureLabels = ['kubernetes.io/arch', 'beta.kubernetes.io/arch'];
const systemLabels = ['kubernetes.io/os', 'beta.kubernetes.io/os'];

const architecture = ({ nodeSelector }: PodSpec): 'X86_64' | 'ARM64' =>
  architectureLabels.some((label) => nodeSelector?.[label] === 'arm64') ? 'ARM64' : 'X86_64';

/** What the pod asks of its platform and Fargate has not. */
function platform({ nodeSelector }: PodSpec): Finding[] {
  const check = (label: string, allowed: readonly string[]): Finding[] => {
    const value = nodeSelector?.[label];
    const message = `Fargate has ${allowed.join(' and ')}, not ${value ?? ''}`;
    return value === undefined || allowed.includes(value) ? [] : [{ path: `spec.nodeSelector[${label}]`, message }];
  };
  return [
    ...architectureLabels.flatMap((label) => check(label, ['amd64', 'arm64'])),
    ...systemLabels.flatMap((label) => check(label, ['linux'])),
  ];
}

/** A task ends with its first container; Kubernetes would wait for all of them. */
function endings(spec: PodSpec): Finding[] {
  if (spec.containers.length < 2 || (spec.restartPolicy ?? 'Always') === 'Always') return [];
  return [{ path: 'spec.restartPolicy', message: 'the pod ends when the first of its containers ends' }];
}

/** Sysctls count for the whole task; ECS takes them with a container. */
function withSystemControls(containers: readonly TranslatedContainer[], spec: PodSpec): ContainerPlan[] {
  const sysctls = spec.securityContext?.sysctls ?? [];
  const plans = containers.map(({ plan }) => plan);
  const [first, ...rest] = plans;
  if (sysctls.length === 0 || first === undefined) return plans;
  const systemControls = sysctls.map(({ name, value }) => ({ namespace: name, value }));
  return [{ ...first, systemControls }, ...rest];
}

const tooManyContainers = (count: number): Finding => ({
  path: 'spec.containers',
  message: `a task has at most ${mostContainers} containers, Skiff's own among them, not ${count}`,
});

function tooMuch(plan: TaskDefinitionPlan): Finding[] {
  const count = plan.containerDefinitions.length;
  const bytes = new TextEncoder().encode(JSON.stringify(plan)).length;
  return [
    ...(count > mostContainers ? [tooManyContainers(count)] : []),
    ...(bytes > mostTaskDefinitionBytes
      ? [{ path: 'spec', message: `the task definition has ${bytes} bytes: ECS takes ${mostTaskDefinitionBytes}` }]
      : []),
  ];
}
