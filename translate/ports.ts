import type { PodSpec } from '../kubernetes/kinds/core/pod.ts';
import type { Finding, PortMappingPlan } from './plan.ts';
import { placedContainers } from './pod-parts.ts';

export interface PortsPlan {
  /** Port mappings by the path of their container. */
  readonly byPath: ReadonlyMap<string, PortMappingPlan[]>;
  readonly warnings: readonly Finding[];
}

/**
 * Port mappings of all containers. They only tell ECS of ports: in a task's own network every port is open that a container
 * listens on. ECS takes each container port and each name once a task.
 */
export function translatePorts(spec: PodSpec): PortsPlan {
  const byPath = new Map<string, PortMappingPlan[]>();
  const ports = new Set<number>();
  const names = new Set<string>();
  const warnings: Finding[] = [];
  for (const { container, path } of placedContainers(spec)) {
    const mappings: PortMappingPlan[] = [];
    (container.ports ?? []).forEach((port, index) => {
      const at = `${path}.ports[${index}]`;
      if (ports.has(port.containerPort)) {
        const message = `ECS takes each port once a task: ${port.containerPort} is open, but not named again`;
        warnings.push({ path: at, message });
        return;
      }
      ports.add(port.containerPort);
      const name = port.name !== undefined && !names.has(port.name) ? port.name : undefined;
      if (name !== undefined) names.add(name);
      const protocol = port.protocol === 'UDP' ? 'udp' : 'tcp';
      mappings.push({ ...(name === undefined ? {} : { name }), containerPort: port.containerPort, protocol });
    });
    byPath.set(path, mappings);
  }
  return { byPath, warnings };
}
