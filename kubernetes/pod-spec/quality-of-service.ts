import { compareQuantities, milliValue } from '../quantity.ts';
import type { PodSpec } from './pod-spec.ts';

const resources = ['cpu', 'memory'] as const;

/**
 * The quality of service class of a pod: Guaranteed when every container has limits for CPU and memory and asks for as
 * much, BestEffort when no container asks for or limits anything, else Burstable.
 */
export function qualityOfService(spec: PodSpec): 'BestEffort' | 'Burstable' | 'Guaranteed' {
  const amounts = [...spec.containers, ...(spec.initContainers ?? [])].map((container) => container.resources ?? {});
  const requested = totals(amounts.map((amount) => amount.requests));
  const limited = totals(amounts.map((amount) => amount.limits));
  if (requested.size === 0 && limited.size === 0) return 'BestEffort';
  const allLimited = amounts.every(({ limits }) => resources.every((name) => isPositive(limits?.[name])));
  const same = resources.every((name) => requested.get(name) === limited.get(name));
  return allLimited && same ? 'Guaranteed' : 'Burstable';
}

const isPositive = (quantity: string | undefined): quantity is string =>
  quantity !== undefined && compareQuantities(quantity, '0') > 0;

/** Thousandths per resource; what nobody sets is absent. */
function totals(all: readonly (Readonly<Record<string, string>> | undefined)[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const each of all) {
    for (const name of resources) {
      const quantity = each?.[name];
      if (isPositive(quantity)) sums.set(name, (sums.get(name) ?? 0) + milliValue(quantity));
    }
  }
  return sums;
}
