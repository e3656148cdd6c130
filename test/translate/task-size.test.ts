import { describe, expect, test } from 'vitest';
import type { PodSpec } from '../../kubernetes/kinds/core/pod.ts';
import { containerSize, fargateSize, fargateSizes, podNeed } from '../../translate/task-size.ts';

const container = (name: string, [cpu, memory]: readonly string[] = [], extra: object = {}) => ({
  name,
  ...(cpu === undefined || memory === undefined ? {} : { resources: { requests: { cpu, memory } } }),
  ...extra,
});

describe('a container', () => {
  test.each([
    [{}, { cpuUnits: undefined, memoryRequestMiB: undefined, memoryLimitMiB: undefined }],
    [{ requests: { cpu: '250m', memory: '64Mi' } }, { cpuUnits: 256, memoryRequestMiB: 64, memoryLimitMiB: undefined }],
    [{ limits: { cpu: '1', memory: '1Gi' } }, { cpuUnits: 1024, memoryRequestMiB: 1024, memoryLimitMiB: 1024 }],
    [{ requests: { cpu: '1m' } }, { cpuUnits: 2, memoryRequestMiB: undefined, memoryLimitMiB: undefined }],
    [
      { requests: { cpu: '0', memory: '0' } },
      { cpuUnits: undefined, memoryRequestMiB: undefined, memoryLimitMiB: undefined },
    ],
    [{ limits: { memory: '1' } }, { cpuUnits: undefined, memoryRequestMiB: 6, memoryLimitMiB: 6 }],
    [{ limits: { memory: '100M' } }, { cpuUnits: undefined, memoryRequestMiB: 96, memoryLimitMiB: 96 }],
    [{ limits: { memory: '1.5Gi' } }, { cpuUnits: undefined, memoryRequestMiB: 1536, memoryLimitMiB: 1536 }],
  ])('with %j is sized so', (resources, size) => {
    expect(containerSize({ resources })).toEqual(size);
  });
});

describe('what a pod needs', () => {
  test('is the sum of its containers', () => {
    const spec: PodSpec = {
      containers: [container('a', ['1', '1Gi']), container('b', ['500m', '512Mi']), container('c')],
    };
    expect(podNeed(spec)).toEqual({ cpuUnits: 1536, memoryMiB: 1536 });
  });

  test('is the largest init container when that is more, each resource for itself', () => {
    const spec: PodSpec = {
      initContainers: [container('i', ['2', '256Mi']), container('j', ['100m', '3Gi'])],
      containers: [container('a', ['1', '1Gi'])],
    };
    expect(podNeed(spec)).toEqual({ cpuUnits: 2048, memoryMiB: 3072 });
  });

  test('has sidecars beside the containers, and beside the init containers after them only', () => {
    const spec: PodSpec = {
      initContainers: [
        container('before', ['4', '1Gi']),
        container('sidecar', ['1', '1Gi'], { restartPolicy: 'Always' }),
        container('after', ['2', '6Gi']),
      ],
      containers: [container('a', ['1', '2Gi'])],
    };
    expect(podNeed(spec)).toEqual({ cpuUnits: 4096, memoryMiB: 7168 });
  });
});

describe('the Fargate size', () => {
  test.each([
    [0, 0, [256, 512]],
    [256, 512, [256, 512]],
    [256, 513, [256, 1024]],
    [256, 2049, [512, 3072]],
    [257, 1, [512, 1024]],
    [1024, 8192, [1024, 8192]],
    [1024, 8193, [2048, 9216]],
    [4096, 30720, [4096, 30720]],
    [4096, 30721, [8192, 32768]],
    [16384, 122881, [32768, 249856]],
    [20000, 1, [32768, 61440]],
    [32768, 249856, [32768, 249856]],
  ])('for %i units and %i MiB is the next one up', (cpuUnits, memoryMiB, [units, memory]) => {
    expect(fargateSize({ cpuUnits, memoryMiB })).toEqual({ cpuUnits: units, memoryMiB: memory });
  });

  test.each([
    [32769, 1],
    [1, 249857],
  ])('for %i units and %i MiB is not there', (cpuUnits, memoryMiB) => {
    expect(fargateSize({ cpuUnits, memoryMiB })).toBeUndefined();
  });

  test('has steps as ECS documents them', () => {
    const ranges = fargateSizes.map(([units, memories]) => [units, memories[0], memories.at(-1), memories.length]);
    expect(ranges).toEqual([
      [256, 512, 2048, 3],
      [512, 1024, 4096, 4],
      [1024, 2048, 8192, 7],
      [2048, 4096, 16384, 13],
      [4096, 8192, 30720, 23],
      [8192, 16384, 61440, 12],
      [16384, 32768, 122880, 12],
      [32768, 61440, 249856, 3],
    ]);
  });
});
