import { pod as podKind } from '../../../kubernetes/kinds/core/pod.ts';
import { service as serviceKind } from '../../../kubernetes/kinds/core/service.ts';
import { done } from '../../../kubernetes/queue/queue.ts';
import { matchesLabels } from '../../../kubernetes/selector.ts';
import { listObjects, readObject } from '../../read-objects.ts';
import type { Reconciler } from '../reconciler.ts';
import { backendGroups } from './backends.ts';
import { applyEndpointSlices } from './endpoint-slices.ts';
import { applyEndpoints, removeEndpoints } from './endpoints.ts';

/** The pods behind a Service, as Endpoints and EndpointSlices. Without a selector somebody keeps them by hand. */
export const reconcileService: Reconciler = {
  async reconcile(context, key) {
    const found = await readObject(context.store, serviceKind, key);
    if (found === undefined) {
      await removeEndpoints(context, key.namespace, key.name);
      return done;
    }
    const matchLabels = found.spec?.selector;
    if (matchLabels === undefined || Object.keys(matchLabels).length === 0) return done;
    if (found.spec?.type === 'ExternalName' || found.metadata.deletionTimestamp !== undefined) return done;
    const pods = await listObjects(context.store, podKind, {
      namespace: key.namespace,
      where: (record) => matchesLabels({ matchLabels }, record.labels),
    });
    const groups = backendGroups(found, pods);
    await applyEndpoints(context, found, groups);
    await applyEndpointSlices(context, found, groups);
    return done;
  },
};
