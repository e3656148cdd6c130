import type { CapacityProviderStrategyItem, LaunchType, NetworkConfiguration } from '@aws-sdk/client-ecs';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { invalidParameter } from './errors.ts';

/** What RunTask, CreateService and UpdateService have in common. */
export interface LaunchInput {
  readonly launchType?: LaunchType | undefined;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[] | undefined;
  readonly platformVersion?: string | undefined;
  readonly placementConstraints?: readonly unknown[] | undefined;
  readonly placementStrategy?: readonly unknown[] | undefined;
}

/** The capacity provider to use, nothing with `launchType: FARGATE`. Of a mix of FARGATE and FARGATE_SPOT the first is taken. */
export function checkedCapacity(input: LaunchInput): string | undefined {
  const { launchType, capacityProviderStrategy: strategy = [] } = input;
  if (launchType !== undefined && strategy.length > 0)
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  const placement = [...(input.placementConstraints ?? []), ...(input.placementStrategy ?? [])];
  if (placement.length > 0)
    throw invalidParameter('Placement strategies and constraints are not supported with FARGATE launch type.');
  const foreign = strategy.find(({ capacityProvider }) => !/^FARGATE(_SPOT)?$/.test(capacityProvider ?? ''));
  if (foreign !== undefined) throw new NotEmulatedError(`the capacity provider ${foreign.capacityProvider}`);
  if (strategy.length === 0 && launchType !== 'FARGATE')
    throw new NotEmulatedError(`the launch type ${launchType ?? 'EC2'}`);
  return strategy[0]?.capacityProvider;
}

/** `LATEST` is what ECS answers with a number. */
export function platformVersion(version: string | undefined): string {
  if (version === undefined || version === 'LATEST' || version === '1.4.0') return '1.4.0';
  throw invalidParameter('The platform version provided is not valid.');
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html; the answer has ECS's defaults. */
export function checkedNetwork(network: NetworkConfiguration | undefined): NetworkConfiguration {
  const vpc = network?.awsvpcConfiguration;
  if (vpc === undefined)
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (vpc.subnets === undefined || vpc.subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (vpc.subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if ((vpc.securityGroups?.length ?? 0) > 5) throw invalidParameter('securityGroups can have at most 5 items.');
  return {
    awsvpcConfiguration: {
      subnets: vpc.subnets,
      securityGroups: vpc.securityGroups ?? [],
      assignPublicIp: vpc.assignPublicIp ?? 'DISABLED',
    },
  };
}

/** Client tokens are printable ASCII without blanks. */
export function checkToken(token: string | undefined, longest: number): void {
  if (token !== undefined && !(token.length <= longest && /^[!-~]+$/.test(token)))
    throw invalidParameter(`Client token must be 1 to ${longest} ASCII characters between 33 and 126.`);
}

/** Refuses loudly what this emulation would have to ignore. */
export function refuseParts(input: object, parts: readonly string[]): void {
  for (const [name, value] of Object.entries(input)) {
    const empty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    if (parts.includes(name) && !empty) throw new NotEmulatedError(`'${name}'`);
  }
}
