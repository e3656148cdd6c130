import type { Finding, SecretReferencePlan } from './plan.ts';
import type { PlacedContainer } from './pod-parts.ts';
import { memberOf, mostSecretBytes, type SecretArn, type SecretContent } from './secret.ts';
import type { Environment } from './environment.ts';

/** A container with its variables. */
export interface ResolvedContainer {
  readonly placed: PlacedContainer;
  readonly environment: Environment;
}

/**
 * The variables of all of a pod's containers that are made of Secrets, kept in one secret of Secrets Manager. Answers how
 * a container refers to its own.
 */
export function hideEnvironment(
  containers: readonly ResolvedContainer[],
  secretArn: SecretArn,
): { readonly of: (placed: PlacedContainer) => SecretReferencePlan[]; readonly refused: readonly Finding[] } {
  const content = contentOf(containers);
  if (Object.keys(content.value).length === 0) return { of: () => [], refused: [] };
  const bytes = new TextEncoder().encode(JSON.stringify(content.value)).length;
  if (bytes > mostSecretBytes) {
    const message = `the variables from Secrets have ${bytes} bytes: Secrets Manager takes ${mostSecretBytes}`;
    return { of: () => [], refused: [{ path: 'spec.containers', message }] };
  }
  const arn = secretArn(content);
  return {
    of: ({ container }) =>
      (containers.find(({ placed }) => placed.container === container)?.environment.hidden ?? []).map(({ name }) => ({
        name,
        valueFrom: memberOf(arn, keyFor(container.name, name)),
      })),
    refused: [],
  };
}

const contentOf = (containers: readonly ResolvedContainer[]): SecretContent => ({
  description: 'variables of its containers',
  value: Object.fromEntries(
    containers.flatMap(({ placed, environment }) =>
      environment.hidden.map(({ name, value }) => [keyFor(placed.container.name, name), value] as const),
    ),
  ),
  madeOf: [...new Set(containers.flatMap(({ environment }) => environment.madeOf))].toSorted(),
});

/**
 * `app_PASSWORD`. No container has an underscore in its name; what a variable has besides letters, digits and underscores,
 * colons above all, would end the key in a reference.
 */
const keyFor = (container: string, variable: string): string =>
  `${container}_${variable.replace(/\W/g, (character) => `-${character.charCodeAt(0).toString(16).padStart(2, '0')}`)}`;

/** What command and args have in them of Secrets: ECS has no place for that but in clear. */
export function tellsSecrets(
  { placed, environment }: ResolvedContainer,
  lists: { readonly command?: readonly string[] | undefined; readonly args?: readonly string[] | undefined },
): Finding[] {
  return (['command', 'args'] as const).flatMap((field) =>
    (lists[field] ?? []).flatMap((word, index) =>
      environment.tells(word)
        ? [
            {
              path: `${placed.path}.${field}[${index}]`,
              message:
                'the value of a Secret is written in clear into the task definition: a program that reads the variable itself keeps it secret',
            },
          ]
        : [],
    ),
  );
}
