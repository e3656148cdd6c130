import type { Kind } from '../kind.ts';
import { forbiddenRequest, objectNotFound, StatusError } from '../status-error.ts';
import type { Store } from '../store/store.ts';

const namespaces = { group: '', plural: 'namespaces', kind: 'Namespace' };

/** Refuses to make an object in a namespace that is not there (404) or is being deleted (403), as NamespaceLifecycle does. */
export async function requireNamespace(
  store: Store,
  kind: Kind,
  object: { readonly namespace: string; readonly name: string },
): Promise<void> {
  if (!kind.namespaced) return;
  const { namespace, name } = object;
  const record = await store.get({ resource: 'namespaces', namespace: '', name: namespace });
  if (record === undefined) throw objectNotFound(namespaces, namespace);
  if (record.text.includes('"deletionTimestamp":') && record.parse().metadata.deletionTimestamp !== undefined) {
    throw terminating(kind, name, namespace);
  }
}

function terminating(kind: Kind, name: string, namespace: string): StatusError {
  const { status } = forbiddenRequest(
    kind,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
  );
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: status.message ?? '',
    details: {
      ...status.details,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  });
}
