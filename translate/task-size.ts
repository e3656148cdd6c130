import type { PodSpec } from '../kubernetes/kinds/core/pod.ts';
import { milliValue, wholeValue } from '../kubernetes/quantity.ts';
import { isSidecar, type Container } from './pod-parts.ts';

const gigabyte = 1024;

const steps = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/** Fargate's sizes: CPU units, and the memory in MiB that goes with each (SDK, RegisterTaskDefinition.cpu). */
export const fargateSizes: readonly (readonly [cpuUnits: number, memoriesMiB: readonly number[]])[] = [
  [256, [512, gigabyte, 2 * gigabyte]],
  [512, steps(gigabyte, 4 * gigabyte, gigabyte)],
  [1024, steps(2 * gigabyte, 8 * gigabyte, gigabyte)],
  [2048, steps(4 * gigabyte, 16 * gigabyte, gigabyte)],
  [4096, steps(8 * gigabyte, 30 * gigabyte, gigabyte)],
  [8192, steps(16 * gigabyte, 60 * gigabyte, 4 * gigabyte)],
  [16384, steps(32 * gigabyte, 120 * gigabyte, 8 * gigabyte)],
  [32768, [60 * gigabyte, 120 * gigabyte, 244 * gigabyte]],
];

export interface Size {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

/** What one container asks for; undefined: nothing. */
export interface ContainerSize {
  readonly cpuUnits: number | undefined;
  readonly memoryRequestMiB: number | undefined;
  readonly memoryLimitMiB: number | undefined;
}

const mebibyte = 2 ** 20;
/** `250m` -> 256 units: a vCPU has 1024. */
const cpuUnits = (quantity: string): number => Math.ceil((milliValue(quantity) * 1024) / 1000);
const memoryMiB = (quantity: string): number => Math.ceil(wholeValue(quantity) / mebibyte);
/** The least that ECS takes for a container (SDK, ContainerDefinition.memory). */
const leastMemoryMiB = 6;

const given = <T>(value: string | undefined, read: (value: string) => T): T | undefined =>
  value === undefined || milliValue(value) === 0 ? undefined : read(value);

/** Reads `resources`. A limit without a request is the request too, as the API server fills it in. */
export function containerSize({ resources }: Pick<Container, 'resources'>): ContainerSize {
  const limits = resources?.limits ?? {};
  const requests = resources?.requests ?? {};
  const least = (value: number): number => Math.max(value, leastMemoryMiB);
  return {
    cpuUnits: given(requests['cpu'] ?? limits['cpu'], cpuUnits),
    memoryRequestMiB: given(requests['memory'] ?? limits['memory'], (value) => least(memoryMiB(value))),
    memoryLimitMiB: given(limits['memory'], (value) => least(memoryMiB(value))),
  };
}

/**
 * Memory is counted by limits, since a task cannot borrow from a node when its containers grow into them; CPU, of which a
 * shortage only makes slow, by requests.
 */
const need = (container: Pick<Container, 'resources'>): Size => {
  const size = containerSize(container);
  return { cpuUnits: size.cpuUnits ?? 0, memoryMiB: size.memoryLimitMiB ?? size.memoryRequestMiB ?? 0 };
};

const plus = (a: Size, b: Size): Size => ({ cpuUnits: a.cpuUnits + b.cpuUnits, memoryMiB: a.memoryMiB + b.memoryMiB });
const most = (a: Size, b: Size): Size => ({
  cpuUnits: Math.max(a.cpuUnits, b.cpuUnits),
  memoryMiB: Math.max(a.memoryMiB, b.memoryMiB),
});
const nothing: Size = { cpuUnits: 0, memoryMiB: 0 };

/**
 * What a pod needs, as Kubernetes counts it: the sum of its containers and sidecars, or, when that is more, an init
 * container together with the sidecars that started before it. Resources of the pod itself raise it.
 */
export function podNeed(spec: PodSpec): Size {
  let sidecars = nothing;
  let initial = nothing;
  for (const container of spec.initContainers ?? []) {
    if (isSidecar(container)) sidecars = plus(sidecars, need(container));
    else initial = most(initial, plus(sidecars, need(container)));
  }
  const running = spec.containers.map(need).reduce(plus, sidecars);
  return most(most(running, initial), spec.resources === undefined ? nothing : need({ resources: spec.resources }));
}

/** The smallest Fargate size with room for it, undefined when there is none. */
export function fargateSize(needed: Size): Size | undefined {
  for (const [units, memories] of fargateSizes) {
    const memory = units < needed.cpuUnits ? undefined : memories.find((size) => size >= needed.memoryMiB);
    if (memory !== undefined) return { cpuUnits: units, memoryMiB: memory };
  }
  return undefined;
}
