import type { PodTemplateSpec } from '../kubernetes/kinds/core/pod.ts';
import type { Finding } from './plan.ts';
import { placedContainers } from './pod-parts.ts';

/**
 * Pod annotation, and label of its containers, that tells simulated containers how to behave; with `.<container>` after
 * it, that one alone. Real containers take no notice.
 */
export const simulateKey = 'skiff.dev/simulate';

/**
 * What a simulated container can be told to do; without, it runs until it is stopped, or ends at once with exit code 0
 * when other containers wait for its end.
 * - `crash`: exits with 1 soon after its start
 * - `exit`: exits with 0 soon after its start
 * - `oom`: is killed soon after its start, for want of memory
 * - `never-ready`: runs, but its health check fails
 * - `unpullable`: its image cannot be fetched
 * - `slow`: takes long to start
 * - `slow-stop`: ignores its stop signal, and so runs until it is killed
 */
export const behaviours = ['crash', 'exit', 'oom', 'never-ready', 'unpullable', 'slow', 'slow-stop'] as const;
export type Behaviour = (typeof behaviours)[number];

export const isSimulation = (key: string): boolean => key === simulateKey || key.startsWith(`${simulateKey}.`);

/** Annotations that would tell simulated containers nothing: most likely somebody has mistyped them. */
export function simulationWarnings({ metadata, spec }: PodTemplateSpec): readonly Finding[] {
  const names = placedContainers(spec).map(({ container }) => container.name);
  return Object.entries(metadata?.annotations ?? {})
    .filter(([key]) => isSimulation(key))
    .flatMap(([key, value]) => {
      const path = `metadata.annotations[${key}]`;
      const name = key === simulateKey ? undefined : key.slice(simulateKey.length + 1);
      const known = behaviours.some((behaviour) => behaviour === value);
      const unknown = { path, message: `simulated containers can be told ${behaviours.join(', ')}: not ${value}` };
      const nobody = { path, message: `there is no container ${name}` };
      return [...(known ? [] : [unknown]), ...(name === undefined || names.includes(name) ? [] : [nobody])];
    });
}
