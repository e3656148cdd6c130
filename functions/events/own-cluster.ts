import type { Context } from '../context.ts';

/** `arn:aws:ecs:<region>:<account>:<kind>/<cluster>/…` -> whether it lies in the installation's cluster. */
export const isOwnCluster = ({ installation }: Pick<Context, 'installation'>, arn: string | undefined): boolean =>
  arn?.split(':')[5]?.split('/')[1] === installation.cluster;

/** The last part of an ARN: a service's name, a task's id. */
export const lastPart = (arn: string): string => arn.split('/').at(-1) ?? arn;
