import { inPlaceAnnotation, rollingUpdate } from '../../functions/reconcile/workload/rolling-update/annotations.ts';
import { UsageError } from '../usage-error.ts';
import type { RollingUpdateOptions } from './options.ts';

/** A ReplicationController, as far as it matters here. */
export interface Controller {
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [member: string]: unknown;
  };
  spec: {
    replicas?: number;
    selector?: Record<string, string>;
    template?: {
      metadata?: { labels?: Record<string, string>; [member: string]: unknown };
      spec: { containers: { name: string; image?: string }[]; [member: string]: unknown };
    };
    [member: string]: unknown;
  };
  [member: string]: unknown;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** What tells pods of the copy from those of the original, as `kubectl rolling-update` called it. */
const deploymentLabel = 'deployment';

/** The annotations that make a controller take over from another one. */
export const takeOver = (from: string, replicas: number, periodSeconds: number): Record<string, string> => ({
  [rollingUpdate.from]: from,
  [rollingUpdate.replicas]: String(replicas),
  [rollingUpdate.period]: String(periodSeconds),
});

/** Throws UsageError when the pods of a controller could not be told from those of the old one. */
export function requireOwnPods(old: Controller, given: Controller): void {
  const selector = given.spec.selector ?? given.spec.template?.metadata?.labels ?? {};
  const differs = Object.entries(old.spec.selector ?? {}).some(
    ([key, value]) => selector[key] !== undefined && selector[key] !== value,
  );
  if (differs) return;
  const what = 'must specify a matching key with non-equal value in Selector for';
  throw new UsageError(`${given.metadata.name} ${what} ${old.metadata.name}`);
}

/** The new controller, without pods yet, which take over from the old one. */
export function successor(old: Controller, given: Controller, periodSeconds: number): Controller {
  const name = given.metadata.name;
  if (name === old.metadata.name)
    throw new UsageError(`the new controller cannot have the same name as the existing ReplicationController ${name}`);
  const replicas = given.spec.replicas ?? old.spec.replicas ?? 1;
  return {
    ...given,
    metadata: {
      ...given.metadata,
      annotations: { ...given.metadata.annotations, ...takeOver(old.metadata.name, replicas, periodSeconds) },
    },
    spec: { ...given.spec, replicas: 0 },
  };
}

/** A copy of a controller under another name, with another image. */
export function copyWithImage(old: Controller, options: RollingUpdateOptions): Controller {
  const copy = structuredClone(old);
  const name = options.to ?? '';
  const label = { [deploymentLabel]: name };
  const { [lastApplied]: _, ...annotations } = copy.metadata.annotations ?? {};
  const labels = { ...copy.metadata.labels, ...label };
  setImage(copy, options);
  const { template } = copy.spec;
  if (template !== undefined)
    template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...label } };
  return {
    apiVersion: 'v1',
    kind: copy.kind,
    metadata: { name, labels, annotations },
    spec: { ...copy.spec, selector: { ...copy.spec.selector, ...label } },
  };
}

/** The patch that makes a controller replace its own pods by such of another image. */
export function imagePatch(old: Controller, options: RollingUpdateOptions, now: string): unknown {
  const { name } = setImage(structuredClone(old), options);
  return {
    metadata: { annotations: { [inPlaceAnnotation]: now } },
    spec: { template: { spec: { containers: [{ name, image: options.image }] } } },
  };
}

/** Writes the image into the container that is meant, and answers that. */
function setImage(controller: Controller, { container, image = '' }: RollingUpdateOptions): { name: string } {
  const containers = controller.spec.template?.spec.containers ?? [];
  const found = container === undefined ? containers[0] : containers.find(({ name }) => name === container);
  if (container === undefined && containers.length > 1)
    throw new UsageError('the pods have several containers: --container has to say which one gets the image');
  if (found === undefined) throw new UsageError(`there is no container ${container ?? ''}`);
  found.image = image;
  return found;
}
