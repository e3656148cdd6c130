import { configurationDescriptions } from './descriptions/configuration.ts';
import { containerDescriptions } from './descriptions/container.ts';
import type { Descriptions } from './descriptions/descriptions.ts';
import { eventDescriptions } from './descriptions/event.ts';
import { foreignVolumeDescriptions } from './descriptions/foreign-volume.ts';
import { metaDescriptions } from './descriptions/meta.ts';
import { nodeDescriptions } from './descriptions/node.ts';
import { podDescriptions } from './descriptions/pod.ts';
import { podStatusDescriptions } from './descriptions/pod-status.ts';
import { probeDescriptions } from './descriptions/probe.ts';
import { requestDescriptions } from './descriptions/request.ts';
import { reviewDescriptions } from './descriptions/review.ts';
import { schedulingDescriptions } from './descriptions/scheduling.ts';
import { securityDescriptions } from './descriptions/security.ts';
import { serviceDescriptions } from './descriptions/service.ts';
import { volumeDescriptions } from './descriptions/volume.ts';
import { workloadDescriptions } from './descriptions/workload.ts';

/** Each of them describes types of its own. */
export const areas: readonly Descriptions[] = [
  metaDescriptions,
  requestDescriptions,
  podDescriptions,
  podStatusDescriptions,
  containerDescriptions,
  probeDescriptions,
  securityDescriptions,
  schedulingDescriptions,
  volumeDescriptions,
  foreignVolumeDescriptions,
  workloadDescriptions,
  serviceDescriptions,
  configurationDescriptions,
  eventDescriptions,
  nodeDescriptions,
  reviewDescriptions,
];

const descriptions = new Map(areas.flatMap((area) => Object.entries(area)));

/** The `description` of a type or of one of its fields in an OpenAPI document; nothing when there is none. */
export function descriptionOf(id: string, field = ''): { readonly description?: string } {
  const description = descriptions.get(id)?.[field];
  return description === undefined ? {} : { description };
}
