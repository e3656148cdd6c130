import type { Kind } from '../kind.ts';
import type { KubernetesObject } from '../object.ts';
import { invalidObject } from '../status-error.ts';
import type { WriteDependencies } from './dependencies.ts';

/**
 * Asks whether a valid object can be carried out, and gives back what is to be told of it. Asked when what the object
 * asks for is new, so that nobody is refused a label for what was let in before. Throws StatusError 422.
 */
export function admit<T extends KubernetesObject>(
  { admit: ask }: WriteDependencies,
  kind: Kind<T>,
  { object, previous }: { readonly object: T; readonly previous?: T },
): readonly string[] {
  if (ask === undefined || (previous !== undefined && previous.metadata.generation === object.metadata.generation)) {
    return [];
  }
  const { warnings, errors } = ask(object);
  if (errors.length > 0) throw invalidObject(kind, object.metadata.name ?? '', errors);
  return warnings;
}
