import { apiVersionOf, resourceOf, type Kind } from './kind.ts';
import { deployment } from './kinds/apps/deployment.ts';
import { replicaSet } from './kinds/apps/replica-set.ts';
import { configMap } from './kinds/core/config-map.ts';
import { endpoints } from './kinds/core/endpoints.ts';
import { event } from './kinds/core/event.ts';
import { namespace } from './kinds/core/namespace.ts';
import { node } from './kinds/core/node.ts';
import { pod } from './kinds/core/pod.ts';
import { replicationController } from './kinds/core/replication-controller.ts';
import { secret } from './kinds/core/secret.ts';
import { serviceAccount } from './kinds/core/service-account.ts';
import { service } from './kinds/core/service.ts';
import { endpointSlice } from './kinds/discovery/endpoint-slice.ts';

/** Every kind that Skiff serves, in the order of discovery: by group, then by name. */
export const kinds: readonly Kind[] = [
  configMap,
  endpoints,
  event,
  namespace,
  node,
  pod,
  replicationController,
  secret,
  serviceAccount,
  service,
  deployment,
  replicaSet,
  endpointSlice,
];

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
