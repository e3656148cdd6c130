import type { ContainerDefinition } from '@aws-sdk/client-ecs';

/** What ECS refuses in `dependsOn`, or nothing. */
export function dependencyProblem(containers: readonly ContainerDefinition[]): string | undefined {
  const byName = new Map(containers.map((each) => [each.name, each]));
  for (const container of containers)
    for (const { containerName, condition } of container.dependsOn ?? []) {
      const other = byName.get(containerName);
      if (other === undefined)
        return `Container '${container.name}' cannot depend on '${containerName}' because it does not exist.`;
      if ((condition === 'SUCCESS' || condition === 'COMPLETE') && other.essential !== false)
        return 'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container';
      if (condition === 'HEALTHY' && other.healthCheck === undefined)
        return 'A dependency container with HEALTHY condition must have health check configured';
    }
  return hasCycle(containers) ? 'The dependency graph of the containers contains a cycle.' : undefined;
}

/** Takes away, again and again, what depends on nothing that is left. */
function hasCycle(containers: readonly ContainerDefinition[]): boolean {
  let left = [...containers];
  for (;;) {
    const names = new Set(left.map(({ name }) => name));
    const held = left.filter(({ dependsOn }) => (dependsOn ?? []).some((each) => names.has(each.containerName)));
    if (held.length === left.length) return held.length > 0;
    left = held;
  }
}
