import { accountId } from '../../translate/installation.ts';
import type { Context } from '../context.ts';

/**
 * `arn:<partition>:ecs:<region>:<account>:<kind>/<cluster>/…` -> whether it lies in the installation's cluster. Another
 * region or account may have a cluster of the same name.
 */
export function isOwnCluster({ installation }: Pick<Context, 'installation'>, arn: string | undefined): boolean {
  const [, , service, region, account, resource] = arn?.split(':') ?? [];
  const isOfInstallation = service === 'ecs' && region === installation.region && account === accountId(installation);
  return isOfInstallation && resource?.split('/')[1] === installation.cluster;
}

/** The last part of an ARN: a service's name, a task's id. */
export const lastPart = (arn: string): string => arn.split('/').at(-1) ?? arn;
