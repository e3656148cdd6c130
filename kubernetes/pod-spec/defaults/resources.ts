import { roundedToMilli } from '../../quantity.ts';

type Quantities = Record<string, string>;

interface Amounts {
  limits?: Quantities | undefined;
  requests?: Quantities | undefined;
}

/** Amounts of resources are kept in thousandths at the finest. */
export function roundResources({ limits, requests }: Amounts): void {
  roundQuantities(limits);
  roundQuantities(requests);
}

export function roundQuantities(quantities: Quantities | undefined): void {
  for (const [name, quantity] of Object.entries(quantities ?? {})) {
    if (quantities !== undefined) quantities[name] = roundedToMilli(quantity);
  }
}

/** What has a limit and no request asks for the limit: in Pods, while templates stay as they are written. */
export function requestLimits(resources: Amounts): void {
  if (resources.limits === undefined) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}
