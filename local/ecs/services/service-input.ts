import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { NotEmulatedError } from '../../not-emulated-error.ts';
import { invalidParameter } from '../errors.ts';
import { refuseParts } from '../launch-input.ts';
import type { ServiceSettings } from '../state.ts';

/** What of a service this emulation would have to ignore. */
const notEmulated = [
  'loadBalancers',
  'serviceRegistries',
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
  'gatewayConnectors',
  'monitoring',
];

export const refuseServiceParts = (input: object): void => refuseParts(input, notEmulated);

/** The input of CreateService and UpdateService as far as both have it. */
export interface SettingsInput {
  readonly deploymentConfiguration?: DeploymentConfiguration | undefined;
  readonly availabilityZoneRebalancing?: ServiceSettings['availabilityZoneRebalancing'] | undefined;
  readonly healthCheckGracePeriodSeconds?: number | undefined;
  readonly enableExecuteCommand?: boolean | undefined;
  readonly enableECSManagedTags?: boolean | undefined;
  readonly propagateTags?: ServiceSettings['propagateTags'] | undefined;
}

export const standardSettings: ServiceSettings = {
  deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
  capacityProvider: undefined,
  availabilityZoneRebalancing: 'ENABLED',
  healthCheckGracePeriodSeconds: undefined,
  enableExecuteCommand: false,
  enableECSManagedTags: false,
  propagateTags: 'NONE',
};

/** What a service's settings become: what the input leaves out stays as it is. */
export function changedSettings(current: ServiceSettings, input: SettingsInput): ServiceSettings {
  const settings: ServiceSettings = {
    deploymentConfiguration: changedDeployment(current.deploymentConfiguration, input.deploymentConfiguration),
    capacityProvider: current.capacityProvider,
    availabilityZoneRebalancing: input.availabilityZoneRebalancing ?? current.availabilityZoneRebalancing,
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? current.healthCheckGracePeriodSeconds,
    enableExecuteCommand: input.enableExecuteCommand ?? current.enableExecuteCommand,
    enableECSManagedTags: input.enableECSManagedTags ?? current.enableECSManagedTags,
    propagateTags: input.propagateTags ?? current.propagateTags,
  };
  const grace = settings.healthCheckGracePeriodSeconds ?? 0;
  if (!Number.isInteger(grace) || grace < 0 || grace > 2_147_483_647)
    throw invalidParameter('healthCheckGracePeriodSeconds must be between 0 and 2147483647.');
  const { maximumPercent = 200 } = settings.deploymentConfiguration;
  if (settings.availabilityZoneRebalancing === 'ENABLED' && maximumPercent <= 100)
    throw invalidParameter('Availability Zone rebalancing requires a maximumPercent greater than 100.');
  return settings;
}

function changedDeployment(
  current: DeploymentConfiguration,
  input: DeploymentConfiguration = {},
): DeploymentConfiguration {
  if (input.strategy !== undefined && input.strategy !== 'ROLLING')
    throw new NotEmulatedError(`the deployment strategy ${input.strategy}`);
  if (input.alarms?.enable === true) throw new NotEmulatedError('deployment alarms');
  refuseParts(input, ['lifecycleHooks', 'linearConfiguration', 'canaryConfiguration', 'earlySuccessCriteria']);
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const next: DeploymentConfiguration = { ...current, ...given };
  checkPercentages(next);
  return next;
}

function checkPercentages({ minimumHealthyPercent = 100, maximumPercent = 200 }: DeploymentConfiguration): void {
  if (!Number.isInteger(minimumHealthyPercent) || minimumHealthyPercent < 0 || minimumHealthyPercent > 100)
    throw invalidParameter('minimumHealthyPercent must be between 0 and 100.');
  if (!Number.isInteger(maximumPercent) || maximumPercent < 100)
    throw invalidParameter('maximumPercent must be at least 100.');
  if (minimumHealthyPercent === 100 && maximumPercent === 100)
    throw invalidParameter(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
}

/** A number of tasks; 5,000 is ECS's quota a service. */
export function checkedDesiredCount(count: number | undefined): number {
  if (count === undefined || !Number.isInteger(count) || count < 0)
    throw invalidParameter('desiredCount must be 0 or greater.');
  if (count > 5000) throw invalidParameter('desiredCount can not exceed 5000.');
  return count;
}
