import type { ContainerDefinition, PortMapping } from '@aws-sdk/client-ecs';
import { isName } from '../names.ts';

/**
 * What ECS refuses in a container definition, for Fargate. Each rule answers the refusal or nothing; the words are
 * ECS's where they are known. Sources: the API reference's member descriptions and the developer guide's
 * fargate-tasks-services page.
 */
export function containerProblem(container: ContainerDefinition): string | undefined {
  for (const rule of [identity, resources, ports, healthCheck, restartPolicy, notOnFargate, logging, environment]) {
    const problem = rule(container);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

type Rule = (container: ContainerDefinition) => string | undefined;

const outside = (value: number | undefined, least: number, most: number): boolean =>
  value !== undefined && !(Number.isInteger(value) && value >= least && value <= most);

const identity: Rule = ({ name, image }) => {
  if (name === undefined || name === '') return 'Container.name should not be null or empty.';
  if (!isName(name)) return 'Container.name contains invalid characters.';
  if (image === undefined || image === '') return 'Container.image should not be null or empty.';
  if (!/^[A-Za-z0-9_.:/#@-]{1,255}$/.test(image)) return 'Container.image contains invalid characters.';
  return undefined;
};

const setting = (container: ContainerDefinition, problem: string): string =>
  `Invalid setting for container '${container.name}'. ${problem}`;

const resources: Rule = (container) => {
  const { memory, memoryReservation, cpu, stopTimeout, startTimeout } = container;
  if (outside(cpu, 0, 32_768)) return setting(container, "'cpu' must not be negative.");
  if (outside(memory, 6, 249_856)) return setting(container, "'memory' must be at least 6 MiB.");
  if (outside(memoryReservation, 6, 249_856)) return setting(container, "'memoryReservation' must be at least 6 MiB.");
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory)
    return setting(container, "'memory' must be greater than or equal to 'memoryReservation'.");
  if (outside(stopTimeout, 0, 120)) return setting(container, "'stopTimeout' must be at most 120 seconds on Fargate.");
  if (outside(startTimeout, 2, 120))
    return setting(container, "'startTimeout' must be between 2 and 120 seconds on Fargate.");
  return undefined;
};

const ports: Rule = (container) => {
  const mappings = container.portMappings ?? [];
  for (const mapping of mappings) {
    const problem = portProblem(mapping);
    if (problem !== undefined) return setting(container, problem);
  }
  return undefined;
};

function portProblem({ containerPort, hostPort, name, containerPortRange }: PortMapping): string | undefined {
  if (containerPortRange === undefined && containerPort === undefined)
    return "'containerPort' or 'containerPortRange' must be specified.";
  if (outside(containerPort, 1, 65_535)) return "'containerPort' must be between 1 and 65535.";
  if (hostPort !== undefined && hostPort !== 0 && hostPort !== containerPort)
    return 'When networkMode=awsvpc, the host ports and container ports in port mappings must match.';
  if (name !== undefined && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name)) return 'Port mapping name is not valid.';
  return undefined;
}

const healthCheck: Rule = (container) => {
  const check = container.healthCheck;
  if (check === undefined) return undefined;
  const bad = (what: string): string => setting(container, `Health check ${what}.`);
  const first = check.command?.[0];
  if (first !== 'CMD' && first !== 'CMD-SHELL' && first !== 'NONE')
    return bad("command must start with 'CMD' or 'CMD-SHELL'");
  if (first !== 'NONE' && (check.command?.length ?? 0) < 2) return bad('command must not be empty');
  if (outside(check.interval, 5, 300)) return bad('interval must be between 5 and 300 seconds');
  if (outside(check.timeout, 2, 60)) return bad('timeout must be between 2 and 60 seconds');
  if (outside(check.retries, 1, 10)) return bad('retries must be between 1 and 10');
  if (outside(check.startPeriod, 0, 300)) return bad('startPeriod must be between 0 and 300 seconds');
  return undefined;
};

const restartPolicy: Rule = (container) => {
  const policy = container.restartPolicy;
  if (outside(policy?.restartAttemptPeriod, 60, 1800))
    return setting(container, "'restartAttemptPeriod' must be between 60 and 1800 seconds.");
  if ((policy?.ignoredExitCodes?.length ?? 0) > 50) return setting(container, 'At most 50 exit codes can be ignored.');
  return undefined;
};

const notOnFargate: Rule = (container) => {
  const { linuxParameters: linux } = container;
  const refused: [string, unknown][] = [
    ['privileged', container.privileged],
    ['links', container.links],
    ['hostname', container.hostname],
    ['dnsServers', container.dnsServers],
    ['dnsSearchDomains', container.dnsSearchDomains],
    ['extraHosts', container.extraHosts],
    ['dockerSecurityOptions', container.dockerSecurityOptions],
    ['disableNetworking', container.disableNetworking],
    ['resourceRequirements', container.resourceRequirements],
    ['devices', linux?.devices],
    ['sharedMemorySize', linux?.sharedMemorySize],
    ['maxSwap', linux?.maxSwap],
    ['swappiness', linux?.swappiness],
  ];
  const used = refused.find(([, value]) => isSet(value));
  if (used !== undefined) return `Fargate does not support '${used[0]}' for container '${container.name}'.`;
  const added = linux?.capabilities?.add?.find((capability) => capability !== 'SYS_PTRACE');
  return added === undefined ? undefined : `The '${added}' Linux capability is not supported on Fargate.`;
};

const isSet = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;

const logging: Rule = ({ logConfiguration: log }) => {
  if (log === undefined) return undefined;
  if (!['awslogs', 'splunk', 'awsfirelens'].includes(log.logDriver ?? ''))
    return `Log driver '${log.logDriver}' is not supported on Fargate.`;
  if (log.logDriver !== 'awslogs') return undefined;
  const missing = ['awslogs-group', 'awslogs-region', 'awslogs-stream-prefix'].find(
    (option) => (log.options?.[option] ?? '') === '',
  );
  return missing === undefined ? undefined : `Log driver awslogs requires options: ${missing}`;
};

const environment: Rule = (container) => {
  const names = new Set((container.environment ?? []).map(({ name }) => name));
  const both = container.secrets?.find(({ name }) => names.has(name));
  if (both !== undefined)
    return `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${both.name}'.`;
  return undefined;
};
