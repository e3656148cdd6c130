import { hostname } from 'node:os';
import { z } from 'zod';
import { retrying } from '../../../local/containers/docker/until-done.ts';
import type { PodmanService } from '../../containers/support/podman.ts';

/** What an installation has in an engine. */
export interface EngineState {
  readonly containers: readonly SeenContainer[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

export interface SeenContainer {
  readonly id: string;
  readonly name: string;
  readonly running: boolean;
  readonly pid: number;
  readonly task: string;
  /** Absent: the container that keeps its task's network. */
  readonly container: string | undefined;
}

const answer = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    State: z.string(),
    Pid: z.number(),
    Labels: z.record(z.string(), z.string()),
  }),
);

/** All that carries the label of a data directory, by Podman's own account, in the order of names. */
export async function engineState(service: PodmanService, data: string): Promise<EngineState> {
  const filter = ['--filter', `label=dev.skiff.data=${hostname()}:${data}`];
  // Podman fails when what it lists is removed meanwhile.
  const listed = (...args: string[]): Promise<string> =>
    retrying(() => service.podman(...args, ...filter), { milliseconds: 10_000 });
  const containers = answer.parse(JSON.parse(await listed('ps', '-a', '--format', 'json')));
  const names = async (kind: string): Promise<string[]> =>
    (await listed(kind, 'ls', '-q')).split('\n').filter((name) => name !== '');
  return {
    containers: containers
      .map(({ Id, Names: [name = ''], State, Pid, Labels }) => ({
        id: Id,
        name,
        running: State === 'running',
        pid: Pid,
        task: Labels['dev.skiff.task'] ?? '',
        container: Labels['dev.skiff.container'],
      }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    networks: await names('network'),
    volumes: await names('volume'),
  };
}
