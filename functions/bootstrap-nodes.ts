import { timestamp } from '../kubernetes/clock.ts';
import { node as nodeKind, type Node } from '../kubernetes/kinds/core/node.ts';
import { updateObject } from '../kubernetes/write/update.ts';
import type { Context } from './context.ts';
import { ensureObject } from './ensure-object.ts';
import { keyFor } from './read-objects.ts';

/** What runs the containers. */
export interface NodePlatform {
  /** As a node says it: `fargate://1.4.0`, `docker://27.3.1`, `simulated://0.1.0`. */
  readonly containerRuntimeVersion: string;
  /** `AWS Fargate` */
  readonly osImage: string;
  readonly architecture: 'amd64' | 'arm64';
}

const fargate: NodePlatform = {
  containerRuntimeVersion: 'fargate://1.4.0',
  osImage: 'AWS Fargate',
  architecture: 'amd64',
};

/** The Kubernetes release whose schemas are served. */
const kubeletVersion = 'v1.33.0';

/** Fargate has no machine that could be full: room for what an account may run. */
const capacity = { cpu: '4000', 'ephemeral-storage': '200Ti', memory: '16Ti', pods: '5000' };

/** One node for each Availability Zone: pods say by it where they run. */
export async function applyNodes(context: Context, platform: NodePlatform = fargate): Promise<void> {
  for (const [zone, name] of Object.entries(context.installation.nodes)) {
    const made = node(context, { zone, name, platform });
    await ensureObject(context, nodeKind, made);
    const key = keyFor(nodeKind, '', name);
    await updateObject(context, nodeKind, {
      key,
      change: (current) => ({
        ...current,
        metadata: { ...current.metadata, labels: { ...current.metadata.labels, ...made.metadata.labels } },
      }),
    });
    await updateObject(context, nodeKind, {
      key,
      subresource: 'status',
      change: (current) => ({ ...current, status: statusOf(context, { name, platform, before: current.status }) }),
    });
  }
}

interface NodeSource {
  readonly zone: string;
  readonly name: string;
  readonly platform: NodePlatform;
}

const node = ({ installation }: Context, { zone, name, platform }: NodeSource): Node => ({
  kind: 'Node',
  apiVersion: 'v1',
  metadata: {
    name,
    labels: {
      'kubernetes.io/arch': platform.architecture,
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'topology.kubernetes.io/region': installation.region,
      'topology.kubernetes.io/zone': zone,
    },
  },
  spec: { providerID: `aws:///${zone}/fargate` },
});

type NodeStatus = NonNullable<Node['status']>;

function statusOf(
  context: Context,
  { name, platform, before }: { name: string; platform: NodePlatform; before: NodeStatus | undefined },
): NodeStatus {
  const now = timestamp(context.clock);
  const finding = (type: string, status: string, reason: string) => {
    const known = before?.conditions?.find((condition) => condition.type === type && condition.status === status);
    const since = known?.lastTransitionTime ?? now;
    return {
      type,
      status,
      lastHeartbeatTime: known?.lastHeartbeatTime ?? now,
      lastTransitionTime: since,
      reason,
      message: reason,
    };
  };
  return {
    ...before,
    capacity,
    allocatable: capacity,
    conditions: [
      finding('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      finding('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      finding('PIDPressure', 'False', 'KubeletHasSufficientPID'),
      finding('Ready', 'True', 'KubeletReady'),
    ],
    addresses: [{ type: 'Hostname', address: name }],
    daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
    nodeInfo: {
      machineID: '',
      systemUUID: '',
      bootID: '',
      kernelVersion: '',
      osImage: platform.osImage,
      containerRuntimeVersion: platform.containerRuntimeVersion,
      kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: platform.architecture,
    },
  };
}
