const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: (to - from) / by + 1 }, (_, index) => from + index * by);

/** Memory in MiB that goes with CPU units on Fargate: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
const memoryOf: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16_384, 1024)],
  [4096, steps(8192, 30_720, 1024)],
  [8192, steps(16_384, 61_440, 4096)],
  [16_384, steps(32_768, 122_880, 8192)],
  [32_768, [61_440, 122_880, 249_856]],
]);

/** `256`, `.25 vCPU`, `0.25vcpu` in CPU units; NaN for anything else. */
export const cpuUnits = (text: string): number => amount(text, /^(\d+|\d*\.\d+)\s*(vcpu)?$/i);

/** `512`, `0.5 GB`, `1gb` in MiB; NaN for anything else. */
export const memoryMiB = (text: string): number => amount(text, /^(\d+|\d*\.\d+)\s*(gb)?$/i);

function amount(text: string, pattern: RegExp): number {
  const [, number, unit] = pattern.exec(text.trim()) ?? [];
  if (number === undefined) return Number.NaN;
  return Number(number) * (unit === undefined ? 1 : 1024);
}

export const isFargateSize = (cpu: number, memory: number): boolean => memoryOf.get(cpu)?.includes(memory) ?? false;
