import { milliValue, wholeValue } from '../kubernetes/quantity.ts';
import type { EnvironmentSource } from './environment.ts';
import { placedContainers, type Container } from './pod-parts.ts';

interface ResourceFieldReference {
  readonly containerName?: string | undefined;
  /** `limits.cpu` */
  readonly resource: string;
  readonly divisor?: string | undefined;
}

const mebibyte = 2 ** 20;

const lists = ['limits', 'requests'] as const;
const resources = ['cpu', 'memory', 'ephemeral-storage'] as const;

interface Context {
  readonly container: Container;
  readonly source: Pick<EnvironmentSource, 'template' | 'taskSize'>;
}

/**
 * The text of `resourceFieldRef`: the amount in units of the divisor, rounded up (fieldpath.ExtractContainerResourceValue).
 * A limit that is not set is what the task has, as it is a node's capacity in Kubernetes; a request that is not set is 0.
 */
export function resourceValue(
  reference: ResourceFieldReference,
  context: Context,
): { readonly value: string } | { readonly refused: string } {
  const list = lists.find((each) => reference.resource.startsWith(`${each}.`));
  const resource = resources.find((each) => reference.resource === `${list ?? ''}.${each}`);
  if (list === undefined || resource === undefined) {
    return { refused: `unsupported container resource: ${reference.resource}` };
  }
  const target = targetOf(reference.containerName ?? '', context);
  if (target === undefined) return { refused: `container ${reference.containerName ?? ''} not found` };
  const unset = list === 'limits' ? ofTask(resource, context.source) : '0';
  const amount = target.resources?.[list]?.[resource] ?? unset;
  const value = resource === 'cpu' ? milliValue : wholeValue;
  return { value: String(Math.ceil(value(amount) / value(divisorOf(reference)))) };
}

const divisorOf = ({ divisor }: ResourceFieldReference): string =>
  divisor === undefined || milliValue(divisor) === 0 ? '1' : divisor;

const targetOf = (name: string, { container, source }: Context): Container | undefined =>
  name === ''
    ? container
    : placedContainers(source.template.spec).find((placed) => placed.container.name === name)?.container;

function ofTask(resource: (typeof resources)[number], { taskSize }: Context['source']): string {
  if (resource === 'cpu') return `${Math.round((taskSize.cpuUnits * 1000) / 1024)}m`;
  // Fargate gives every task 20 GiB unless it asks for more.
  return resource === 'memory' ? String(taskSize.memoryMiB * mebibyte) : '20Gi';
}
