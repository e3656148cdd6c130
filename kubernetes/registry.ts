import { apiVersionOf, resourceOf, type Kind } from './kind.ts';
import { configMap } from './kinds/core/config-map.ts';

/** Every kind that Skiff serves, in the order of discovery. */
export const kinds: readonly Kind[] = [configMap];

const byPath = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.plural}`, kind]));
const byKind = new Map(kinds.map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]));
const byResource = new Map(kinds.map((kind) => [resourceOf(kind), kind]));

/** By the segments of a URL: `('apps/v1', 'deployments')`. */
export const kindByPath = (apiVersion: string, plural: string): Kind | undefined =>
  byPath.get(`${apiVersion}/${plural}`);

/** By what a manifest says: `('apps/v1', 'Deployment')`. */
export const kindOf = (apiVersion: string, kind: string): Kind | undefined => byKind.get(`${apiVersion}/${kind}`);

/** By the resource of a key: `deployments.apps`. */
export const kindByResource = (resource: string): Kind | undefined => byResource.get(resource);
