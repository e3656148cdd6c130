import { endpoints, type Endpoints } from '../kubernetes/kinds/core/endpoints.ts';
import { service, type Service } from '../kubernetes/kinds/core/service.ts';
import { endpointSlice, type EndpointSlice } from '../kubernetes/kinds/discovery/endpoint-slice.ts';
import { updateObject } from '../kubernetes/write/update.ts';
import type { Context } from './context.ts';
import { ensureObject } from './ensure-object.ts';
import { keyFor } from './read-objects.ts';

const name = 'kubernetes';
const namespace = 'default';
/** The first address of the Services' network, which Kubernetes gives to this one. */
const clusterIP = '10.96.0.1';

const labels = { component: 'apiserver', provider: 'kubernetes' };
const metadata = { name, namespace };

/** The `kubernetes` Service: how programs in pods find the API server. It has no selector: its endpoint is kept here. */
export async function applyApiService(
  context: Context,
  apiServer: { readonly address: string; readonly port: number } | undefined,
): Promise<void> {
  const made: Service = {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { ...metadata, labels },
    spec: {
      type: 'ClusterIP',
      clusterIP,
      clusterIPs: [clusterIP],
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: apiServer?.port ?? 443 }],
    },
  };
  await ensureObject(context, service, made);
  if (apiServer === undefined) return;
  await applyEndpoints(context, apiServer);
  await applySlice(context, apiServer);
}

async function applyEndpoints(context: Context, { address, port }: { address: string; port: number }): Promise<void> {
  const subsets: NonNullable<Endpoints['subsets']> = [
    { addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] },
  ];
  const own = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  await ensureObject(context, endpoints, {
    kind: 'Endpoints',
    apiVersion: 'v1',
    metadata: { ...metadata, labels: own },
    subsets,
  });
  await updateObject(context, endpoints, {
    key: keyFor(endpoints, namespace, name),
    change: (current) => ({ ...current, subsets }),
  });
}

async function applySlice(context: Context, { address, port }: { address: string; port: number }): Promise<void> {
  const content: Pick<EndpointSlice, 'endpoints' | 'ports'> = {
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
  await ensureObject(context, endpointSlice, {
    kind: 'EndpointSlice',
    apiVersion: 'discovery.k8s.io/v1',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ...content,
  });
  await updateObject(context, endpointSlice, {
    key: keyFor(endpointSlice, namespace, name),
    change: (current) => ({ ...current, ...content }),
  });
}
