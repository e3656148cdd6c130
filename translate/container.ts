import type { PodTemplateSpec } from '../kubernetes/kinds/core/pod.ts';
import type { EnvironmentSource } from './environment.ts';
import { expandWords } from './expansion.ts';
import { translateHealthCheck } from './health-check.ts';
import { tellsSecrets, type ResolvedContainer } from './hidden-environment.ts';
import type { Installation } from './installation.ts';
import type { ContainerPlan, DependencyPlan, Finding, LinuxParametersPlan, SecretReferencePlan } from './plan.ts';
import type { PlacedContainer } from './pod-parts.ts';
import type { PortsPlan } from './ports.ts';
import type { PullSecrets } from './pull-secrets.ts';
import { translateCapabilities, translateUser } from './security.ts';
import { isSimulation, simulateKey } from './simulation.ts';
import { containerSize } from './task-size.ts';
import { ownMounts } from './toolbox/own-parts.ts';
import type { VolumesPlan } from './volumes.ts';

/** What all containers of a task share. */
export interface ContainerSurroundings extends EnvironmentSource {
  readonly installation: Installation;
  readonly logConfiguration: NonNullable<ContainerPlan['logConfiguration']>;
  readonly ports: PortsPlan;
  readonly volumes: VolumesPlan;
  readonly pullSecrets: PullSecrets;
  /** A container's variables in Secrets Manager. */
  readonly hidden: (placed: PlacedContainer) => SecretReferencePlan[];
  readonly stopTimeout: number;
}

export interface TranslatedContainer {
  readonly plan: ContainerPlan;
  readonly warnings: readonly Finding[];
  readonly refused: readonly Finding[];
}

/** One container definition. `dependsOn`: what has to be before it starts. */
export function translateContainer(
  resolved: ResolvedContainer,
  dependsOn: DependencyPlan[],
  surroundings: ContainerSurroundings,
): TranslatedContainer {
  const { placed, environment } = resolved;
  const { container, path, role } = placed;
  const pulled = surroundings.pullSecrets.of(placed);
  const user = translateUser(placed, surroundings.template.spec?.securityContext);
  const checked =
    role === 'init'
      ? undefined
      : translateHealthCheck(placed, {
          sharesProcesses: surroundings.template.spec?.shareProcessNamespace === true,
        });
  const words = (list: readonly string[] = []): string[] => expandWords(list, environment.values);
  const mounts = surroundings.volumes.mounts(placed);
  const plan: ContainerPlan = {
    name: container.name,
    image: container.image ?? '',
    // A task ends with its first essential container; an init container is meant to end.
    essential: role !== 'init',
    ...resources(placed),
    ...unlessEmpty('entryPoint', words(container.command)),
    ...unlessEmpty('command', words(container.args)),
    ...unlessEmpty('environment', environment.variables),
    ...unlessEmpty('secrets', surroundings.hidden(placed)),
    ...unlessUndefined('repositoryCredentials', pulled.repositoryCredentials),
    ...unlessEmpty('portMappings', surroundings.ports.byPath.get(path) ?? []),
    mountPoints: [...mounts.mountPoints, ...ownMounts({ readOnlyBinary: true })],
    dependsOn,
    ...unlessUndefined('workingDirectory', container.workingDir),
    ...unlessUndefined('healthCheck', checked?.healthCheck),
    ...unlessUndefined('linuxParameters', linuxParameters(placed, mounts.tmpfs)),
    ...unlessUndefined('user', user.user),
    ...(container.securityContext?.readOnlyRootFilesystem === true ? { readonlyRootFilesystem: true } : {}),
    ...(container.stdin === true ? { interactive: true } : {}),
    ...(container.tty === true ? { pseudoTerminal: true } : {}),
    ...unlessUndefined('dockerLabels', simulation(placed, surroundings.template)),
    stopTimeout: surroundings.stopTimeout,
    logConfiguration: surroundings.logConfiguration,
  };
  return {
    plan,
    warnings: [
      ...environment.warnings,
      ...tellsSecrets(resolved, container),
      ...pulled.warnings,
      ...user.warnings,
      ...(checked?.warnings ?? []),
    ],
    refused: [...environment.refused, ...user.refused],
  };
}

const unlessEmpty = <Key extends string, Item>(key: Key, list: Item[]): Partial<Record<Key, Item[]>> =>
  list.length === 0 ? {} : ({ [key]: list } as Record<Key, Item[]>);

const unlessUndefined = <Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> =>
  value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);

/**
 * Init containers run before the others and so keep nothing from them: they have their limit and no share of their own,
 * since ECS adds up the shares of all containers.
 */
function resources({ container, role }: PlacedContainer): Pick<ContainerPlan, 'cpu' | 'memory' | 'memoryReservation'> {
  const { cpuUnits, memoryLimitMiB, memoryRequestMiB } = containerSize(container);
  if (role === 'init') return memoryLimitMiB === undefined ? {} : { memory: memoryLimitMiB, memoryReservation: 6 };
  const reserved = memoryRequestMiB === memoryLimitMiB ? undefined : memoryRequestMiB;
  return {
    ...unlessUndefined('cpu', cpuUnits),
    ...unlessUndefined('memory', memoryLimitMiB),
    ...unlessUndefined('memoryReservation', reserved),
  };
}

function linuxParameters(
  placed: PlacedContainer,
  tmpfs: NonNullable<LinuxParametersPlan['tmpfs']>,
): LinuxParametersPlan | undefined {
  const capabilities = translateCapabilities(placed);
  if (capabilities === undefined && tmpfs.length === 0) return undefined;
  return { ...unlessUndefined('capabilities', capabilities), ...unlessEmpty('tmpfs', tmpfs) };
}

/** Init containers and sidecars hear only what is said to them by name. */
function simulation(
  { container, role }: PlacedContainer,
  { metadata }: PodTemplateSpec,
): Record<string, string> | undefined {
  const found = Object.entries(metadata?.annotations ?? {}).filter(
    ([key]) => isSimulation(key) && (role === 'main' || key === `${simulateKey}.${container.name}`),
  );
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The driver names streams `<prefix>/<container>/<task>`. Non-blocking: a slow log service never stops a container. */
export const logsTo = (
  installation: Pick<Installation, 'logGroup' | 'region'>,
  prefix: string,
): NonNullable<ContainerPlan['logConfiguration']> => ({
  logDriver: 'awslogs',
  options: {
    'awslogs-group': installation.logGroup,
    'awslogs-region': installation.region,
    'awslogs-stream-prefix': prefix,
    mode: 'non-blocking',
  },
});
