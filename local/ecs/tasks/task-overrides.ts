import type { ContainerDefinition, ContainerOverride, TaskOverride } from '@aws-sdk/client-ecs';
import { NotEmulatedError } from '../../not-emulated-error.ts';
import { invalidParameter } from '../errors.ts';
import type { TaskDefinitionRecord, TaskOverrides } from '../state.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html */
const maximumCharacters = 8192;

/** Checks the overrides of RunTask and answers them as the task keeps them: one entry for each container. */
export function checkedOverrides(definition: TaskDefinitionRecord, given: TaskOverride = {}): TaskOverrides {
  if (JSON.stringify(given).length > maximumCharacters)
    throw invalidParameter(`Overrides can not exceed ${maximumCharacters} characters.`);
  if ((given.cpu ?? given.memory ?? given.ephemeralStorage) !== undefined)
    throw new NotEmulatedError('overrides of the size of a task');
  return {
    containerOverrides: overridesByContainer(definition, given.containerOverrides ?? []),
    taskRoleArn: given.taskRoleArn,
    executionRoleArn: given.executionRoleArn,
  };
}

function overridesByContainer(
  definition: TaskDefinitionRecord,
  given: readonly ContainerOverride[],
): ContainerOverride[] {
  const names = (definition.content.containerDefinitions ?? []).map(({ name }) => name ?? '');
  const byName = new Map<string, ContainerOverride>(names.map((name) => [name, { name }]));
  for (const override of given) {
    const name = override.name ?? '';
    if (!byName.has(name))
      throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
    byName.set(name, override);
  }
  return [...byName.values()];
}

/** The task's containers as they are to run. */
export function containersToRun(definition: TaskDefinitionRecord, overrides: TaskOverrides): ContainerDefinition[] {
  return (definition.content.containerDefinitions ?? []).map((container) => {
    const override = overrides.containerOverrides.find(({ name }) => name === container.name);
    return override === undefined ? container : overridden(container, override);
  });
}

function overridden(container: ContainerDefinition, override: ContainerOverride): ContainerDefinition {
  const environment = new Map(
    [...(container.environment ?? []), ...(override.environment ?? [])].map((each) => [each.name, each]),
  );
  return {
    ...container,
    command: override.command ?? container.command,
    cpu: override.cpu ?? container.cpu,
    memory: override.memory ?? container.memory,
    memoryReservation: override.memoryReservation ?? container.memoryReservation,
    environment: [...environment.values()],
  };
}
