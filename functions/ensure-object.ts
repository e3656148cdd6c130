import type { Kind } from '../kubernetes/kind.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { StatusError } from '../kubernetes/status-error.ts';
import { createObject } from '../kubernetes/write/create.ts';
import type { Context } from './context.ts';
import { keyFor } from './read-objects.ts';

/** Makes the object unless one of its name is there. */
export async function ensureObject<T extends KubernetesObject>(
  context: Context,
  kind: Kind<T>,
  object: T,
): Promise<void> {
  const key = keyFor(kind, object.metadata.namespace ?? '', object.metadata.name ?? '');
  if ((await context.store.get(key)) !== undefined) return;
  try {
    await createObject(context, kind, { object });
  } catch (error) {
    if (!(error instanceof StatusError) || error.status.reason !== 'AlreadyExists') throw error;
  }
}
