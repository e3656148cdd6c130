import { Fn } from 'aws-cdk-lib';
import type { Installation } from '../translate/installation.ts';
import type { Parameters } from './parameters.ts';

export interface EnvironmentOptions {
  readonly installation: Omit<Installation, 'subnets' | 'securityGroups'>;
  readonly parameters: Pick<Parameters, 'subnets' | 'securityGroups'>;
  readonly tableName: string;
  readonly queueUrl: string;
  readonly delayQueueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** The environment that functions/config.ts reads. The API's token is not among it: it concerns nobody else. */
export const functionEnvironment = (options: EnvironmentOptions): Record<string, string> => ({
  SKIFF_INSTALLATION: installationText(options),
  SKIFF_TABLE: options.tableName,
  SKIFF_QUEUE_URL: options.queueUrl,
  SKIFF_DELAY_QUEUE_URL: options.delayQueueUrl,
  SKIFF_DEAD_LETTER_QUEUE_URL: options.deadLetterQueueUrl,
});

/** JSON with gaps, which the deployment fills: with names, ids and ARNs, that have nothing in them that JSON would escape. */
function installationText({ installation, parameters }: EnvironmentOptions): string {
  const complete: Installation = {
    ...installation,
    subnets: [items(parameters.subnets)],
    securityGroups: [items(parameters.securityGroups)],
  };
  return JSON.stringify(complete);
}

/** A list whose length only the deployment knows, as the inside of a JSON text: `a","b`. */
const items = (list: string[]): string => Fn.join('","', list);
