import { errorMessage } from '../../kubernetes/error-message.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import { engineAddresses, type EngineSurroundings } from './docker/engine-addresses.ts';
import type { FoundEngine } from './docker/find-engine.ts';
import type { ContainerRuntime } from './runtime.ts';
import { SimulatedRuntime } from './simulated.ts';

/** `auto`: an engine when one answers, else simulated. */
export type RuntimeChoice = 'auto' | 'docker' | 'simulated';

export interface RuntimeOptions extends EngineSurroundings {
  readonly choice: RuntimeChoice;
  readonly clock: Clock;
  /** A static busybox at /bin/busybox. */
  readonly toolboxImage: string;
  /** Where the installation's objects outlive the process; its containers may outlive a crash then. */
  readonly dataDirectory: string | undefined;
  newId(): string;
  report(error: unknown): void;
}

export interface OpenedRuntime {
  readonly runtime: ContainerRuntime;
  /** What runs the containers, for people. */
  readonly description: string;
}

/** Opens what runs the containers. Throws when an engine is asked for and none answers. */
export async function openRuntime(options: RuntimeOptions): Promise<OpenedRuntime> {
  const found = options.choice === 'simulated' ? undefined : await engineFor(options);
  if (found === undefined || typeof found === 'string') return simulated(options, found);
  const { DockerRuntime } = await import('./docker/docker-runtime.ts');
  const { ownershipOf } = await import('./docker/ownership.ts');
  const runtime = await DockerRuntime.open({
    found,
    clock: options.clock,
    ownership: ownershipOf(options.dataDirectory, () => options.newId()),
    toolboxImage: options.toolboxImage,
    report: (error) => options.report(error),
  });
  const description = `Containers run on ${found.name} ${found.version} (${found.engine.url}).`;
  return { runtime, description };
}

/** The engine, or why there is none. */
async function engineFor({ choice, environment, home }: RuntimeOptions): Promise<FoundEngine | string> {
  try {
    const addresses = engineAddresses({ environment, home });
    if (addresses.length === 0) throw new Error('neither Docker nor Podman is found, and DOCKER_HOST is not set');
    const { findEngine } = await import('./docker/find-engine.ts');
    return await findEngine(addresses);
  } catch (error) {
    if (choice === 'docker') throw error;
    return errorMessage(error);
  }
}

function simulated({ clock }: RuntimeOptions, reason: string | undefined): OpenedRuntime {
  const because = reason === undefined ? '' : ` (${reason})`;
  return {
    runtime: new SimulatedRuntime({ clock }),
    description: `Tasks are simulated: no container runs${because}.`,
  };
}
