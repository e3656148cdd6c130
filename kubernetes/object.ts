import type { ObjectMeta } from './object-meta.ts';

/** What every object of the API has. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** Where an object lives. `resource` is `pods` or `deployments.apps`; `namespace` is '' for cluster-scoped kinds. */
export interface ObjectKey {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** `deployments.apps/shop/web`; `nodes//zone-a`. No part holds a slash. */
export const formatKey = (key: ObjectKey): string => `${key.resource}/${key.namespace}/${key.name}`;

export function parseKey(text: string): ObjectKey {
  const [resource = '', namespace = '', ...name] = text.split('/');
  return { resource, namespace, name: name.join('/') };
}
