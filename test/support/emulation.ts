import { createHash } from 'node:crypto';
import { CreateClusterCommand } from '@aws-sdk/client-ecs';
import type { Clients } from '../../aws/clients.ts';
import type { AwsEvent } from '../../functions/events/event.ts';
import { SimulatedRuntime } from '../../local/containers/simulated.ts';
import { createEmulation, type Emulation, type EmulationOptions } from '../../local/emulation.ts';
import type { Installation } from '../../translate/installation.ts';
import { Ecs } from '../conformance/ecs-fixture.ts';
import { ManualClock } from './manual-clock.ts';

export const installation: Installation = {
  name: 'skiff',
  region: 'us-east-1',
  cluster: 'skiff',
  subnets: ['subnet-a', 'subnet-b', 'subnet-c'],
  securityGroups: ['sg-tasks'],
  executionRoleArn: 'arn:aws:iam::123456789012:role/skiff-execution',
  toolboxImage: 'busybox:1',
  logGroup: '/skiff',
  nodes: { 'us-east-1a': 'fargate-a', 'us-east-1b': 'fargate-b', 'us-east-1c': 'fargate-c' },
};

export interface EmulatedAws {
  readonly clients: Clients;
  readonly clock: ManualClock;
  readonly runtime: SimulatedRuntime;
  /** All events that were delivered. */
  readonly events: AwsEvent[];
  /** What the emulation found wrong with itself. */
  readonly reports: unknown[];
  readonly emulation: Emulation;
}

/** An emulation on a clock that stands still, with ids and chance that are the same every time. */
export function emulateAws(options: Partial<EmulationOptions> & { readonly clock?: ManualClock } = {}): EmulatedAws {
  const clock = options.clock ?? new ManualClock();
  const runtime = new SimulatedRuntime({ clock });
  const events: AwsEvent[] = [];
  const reports: unknown[] = [];
  const emulation = createEmulation({
    speed: 'real',
    runtime,
    installation,
    accountId: '123456789012',
    zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    newId: sequenceOfIds(),
    random: sequenceOfNumbers(),
    deliver: (event) => {
      events.push(event);
      return Promise.resolve();
    },
    report: (error) => void reports.push(error),
    ...options,
    clock,
  });
  return { clients: emulation.clients, clock, runtime, events, reports, emulation };
}

function sequenceOfIds(): () => string {
  let count = 0;
  return () => {
    count += 1;
    const hex = createHash('sha256').update(`${count}`).digest('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
  };
}

/** Park and Miller's generator. */
function sequenceOfNumbers(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

/** The same with a cluster, and the words of the conformance suite to speak to ECS. */
export async function emulateEcs(
  options: Parameters<typeof emulateAws>[0] = {},
): Promise<EmulatedAws & { readonly ecs: Ecs }> {
  const aws = emulateAws(options);
  await aws.clients.ecs.send(new CreateClusterCommand({ clusterName: installation.cluster }));
  await aws.clients.ecs.send(new CreateClusterCommand({ clusterName: 'other' }));
  const ecs = new Ecs({
    client: aws.clients.ecs,
    cluster: installation.cluster,
    otherCluster: 'other',
    network: { awsvpcConfiguration: { subnets: [...installation.subnets], securityGroups: ['sg-tasks'] } },
    zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
    lateSeconds: (options.faults?.staleMilliseconds ?? 0) / 1000,
    pass: (seconds) => aws.clock.advance(seconds * 1000),
    faults: () => aws.reports,
    retag: () => Promise.resolve(aws.runtime.push('public.ecr.aws/docker/library/busybox:1.36')),
  });
  return { ...aws, ecs };
}
