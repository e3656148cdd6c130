import { batches } from '../../../aws/batch.ts';
import { endpointSlice as sliceKind, type EndpointSlice } from '../../../kubernetes/kinds/discovery/endpoint-slice.ts';
import { service as serviceKind, type Service } from '../../../kubernetes/kinds/core/service.ts';
import { keyOf } from '../../../kubernetes/kind.ts';
import { controllerReference, isControlledBy } from '../../../kubernetes/owner.ts';
import { sameValue } from '../../../kubernetes/write/canonical.ts';
import { createObject } from '../../../kubernetes/write/create.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { updateObject } from '../../../kubernetes/write/update.ts';
import type { Context } from '../../context.ts';
import { listObjects } from '../../read-objects.ts';
import type { Backend, BackendGroup } from './backends.ts';
import { hostnameIn, podReference } from './endpoints.ts';

const serviceLabel = 'kubernetes.io/service-name';
const managedLabel = 'endpointslice.kubernetes.io/managed-by';
const managedBy = 'endpointslice-controller.k8s.io';
const headlessLabel = 'service.kubernetes.io/headless';

/** Endpoints in one slice (--max-endpoints-per-slice). */
const mostEndpoints = 100;

type Content = Pick<EndpointSlice, 'endpoints' | 'ports'>;

/**
 * Makes the slices of a Service name these pods. Slices are kept and filled anew: first those whose ports fit. Of a
 * Service without pods one empty slice remains.
 */
export async function applyEndpointSlices(
  context: Context,
  service: Service,
  groups: readonly BackendGroup[],
): Promise<void> {
  const wanted = groups.flatMap((group) => contents(context, service, group));
  if (wanted.length === 0) wanted.push({ endpoints: [], ports: [] });
  const there = await ownSlices(context, service);
  for (const content of wanted) {
    const fit = there.findIndex((slice) => sameValue(slice.ports ?? [], content.ports ?? []));
    const [slice] = there.splice(Math.max(0, fit), 1);
    if (slice === undefined) await createObject(context, sliceKind, { object: newSlice(service, content) });
    else await fill(context, service, { slice, content });
  }
  for (const slice of there) await deleteObject(context, sliceKind, { key: keyOf(sliceKind, slice) });
}

async function ownSlices(context: Context, service: Service): Promise<EndpointSlice[]> {
  const { metadata } = service;
  const found = await listObjects(context.store, sliceKind, {
    namespace: metadata.namespace ?? '',
    where: ({ labels }) => labels[serviceLabel] === metadata.name && labels[managedLabel] === managedBy,
  });
  return found.filter((slice) => isControlledBy(slice, { kind: serviceKind, owner: service }));
}

const labelsFor = ({ metadata, spec }: Service): Record<string, string> => ({
  ...metadata.labels,
  [managedLabel]: managedBy,
  [serviceLabel]: metadata.name ?? '',
  ...(spec?.clusterIP === 'None' ? { [headlessLabel]: '' } : {}),
});

const newSlice = (service: Service, content: Content): EndpointSlice => ({
  kind: 'EndpointSlice',
  apiVersion: 'discovery.k8s.io/v1',
  metadata: {
    generateName: `${service.metadata.name ?? ''}-`,
    namespace: service.metadata.namespace,
    labels: labelsFor(service),
    ownerReferences: [controllerReference(serviceKind, service)],
  },
  addressType: 'IPv4',
  ...content,
});

async function fill(
  context: Context,
  service: Service,
  { slice, content }: { readonly slice: EndpointSlice; readonly content: Content },
): Promise<void> {
  await updateObject(context, sliceKind, {
    key: keyOf(sliceKind, slice),
    change: (current) => ({ ...current, metadata: { ...current.metadata, labels: labelsFor(service) }, ...content }),
  });
}

function contents(context: Context, service: Service, { ports, backends }: BackendGroup): Content[] {
  return batches(backends, mostEndpoints).map((batch) => ({
    endpoints: batch.map((backend) => endpoint(context, service, backend)),
    ports: ports.map((port) => ({ ...port })),
  }));
}

function endpoint(
  context: Context,
  service: Service,
  backend: Backend,
): NonNullable<EndpointSlice['endpoints']>[number] {
  const { nodeName } = backend.pod.spec;
  const zone = Object.entries(context.installation.nodes).find(([, node]) => node === nodeName)?.[0];
  return {
    addresses: [backend.address],
    conditions: { ready: backend.ready, serving: backend.serving, terminating: backend.terminating },
    ...hostnameIn(service, backend),
    targetRef: podReference(backend),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(zone === undefined ? {} : { zone }),
  };
}
