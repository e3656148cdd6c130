import type { KubernetesObject } from '../kubernetes/object.ts';
import type { Ownership } from '../translate/ownership.ts';
import type { Context } from './context.ts';

/** What was made in AWS for this object, or for one of the others. */
export const madeFor = (
  { installation }: Pick<Context, 'installation'>,
  { metadata }: Pick<KubernetesObject, 'metadata'>,
  ...others: readonly string[]
): Ownership => ({ installation: installation.name, uids: [metadata.uid ?? '', ...others] });
