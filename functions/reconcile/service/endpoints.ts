import { endpoints as endpointsKind, type Endpoints } from '../../../kubernetes/kinds/core/endpoints.ts';
import type { Service } from '../../../kubernetes/kinds/core/service.ts';
import { StatusError } from '../../../kubernetes/status-error.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Context } from '../../context.ts';
import { keyFor, readObject } from '../../read-objects.ts';
import type { Backend, BackendGroup } from './backends.ts';

/** Tells Endpoints that were made for a Service from those that somebody keeps by hand (Kubernetes 1.33 labels them so). */
const managedLabel = 'endpoints.kubernetes.io/managed-by';
const managedBy = 'endpoint-controller';
const headlessLabel = 'service.kubernetes.io/headless';

type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

/** Makes the Endpoints of a Service name these pods. */
export async function applyEndpoints(
  context: Context,
  service: Service,
  groups: readonly BackendGroup[],
): Promise<void> {
  const { name = '', namespace = '' } = service.metadata;
  const key = keyFor(endpointsKind, namespace, name);
  const labels = {
    ...service.metadata.labels,
    [managedLabel]: managedBy,
    ...(service.spec?.clusterIP === 'None' ? { [headlessLabel]: '' } : {}),
  };
  const subsets = groups.flatMap((group) => subset(service, group));
  const content = subsets.length === 0 ? {} : { subsets };
  if ((await readObject(context.store, endpointsKind, key)) === undefined) {
    const object: Endpoints = {
      kind: 'Endpoints',
      apiVersion: 'v1',
      metadata: { name, namespace, labels },
      ...content,
    };
    await createObject(context, endpointsKind, { object });
    return;
  }
  await updateObject(context, endpointsKind, {
    key,
    change: (current) => {
      delete current.subsets;
      return { ...current, metadata: { ...current.metadata, labels }, ...content };
    },
  });
}

/** A deleted Service's Endpoints go, unless somebody keeps them by hand. */
export async function removeEndpoints(context: Context, namespace: string, name: string): Promise<void> {
  const key = keyFor(endpointsKind, namespace, name);
  const found = await readObject(context.store, endpointsKind, key);
  if (found?.metadata.labels?.[managedLabel] !== managedBy) return;
  try {
    await deleteObject(context, endpointsKind, { key, preconditions: { uid: found.metadata.uid } });
  } catch (error) {
    if (!(error instanceof StatusError) || (error.code !== 404 && error.code !== 409)) throw error;
  }
}

/** Pods that are being deleted are left out. A Service with ports none of which a pod has leaves the pod out too. */
function subset(service: Service, { ports, backends }: BackendGroup): Subset[] {
  if (ports.length === 0 && (service.spec?.ports ?? []).length > 0) return [];
  const always = service.spec?.publishNotReadyAddresses === true;
  const listed = backends.filter((backend) => always || !backend.terminating);
  const addresses = listed.filter((backend) => backend.ready).map((backend) => address(service, backend));
  const notReadyAddresses = listed.filter((backend) => !backend.ready).map((backend) => address(service, backend));
  if (listed.length === 0) return [];
  return [
    {
      ...(addresses.length === 0 ? {} : { addresses }),
      ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses }),
      ...(ports.length === 0
        ? {}
        : { ports: ports.map(({ name, ...port }) => (name === '' ? port : { name, ...port })) }),
    },
  ];
}

/** The name that a pod goes by in its headless Service, if it says so itself. */
export const hostnameIn = (service: Service, { pod }: Backend): { hostname?: string } =>
  pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name
    ? { hostname: pod.spec.hostname }
    : {};

function address(service: Service, backend: Backend): Address {
  const { pod } = backend;
  return {
    ip: backend.address,
    ...hostnameIn(service, backend),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: podReference(backend),
  };
}

export const podReference = ({ pod: { metadata } }: Backend) => ({
  kind: 'Pod',
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});
