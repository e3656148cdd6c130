import type { Container } from '../container.ts';
import { defaultContainer } from './container.ts';
import type { PodSpec } from '../pod-spec.ts';
import type { PodTemplateSpec } from '../pod-template.ts';
import { requestLimits, roundQuantities, roundResources } from './resources.ts';
import { defaultVolume } from './volume.ts';

/** Fills what a pod spec leaves unset, be it a Pod's or a template's. */
export function defaultPodSpec(spec: PodSpec): void {
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  const ephemeral = spec.ephemeralContainers ?? [];
  for (const container of [...(spec.initContainers ?? []), ...spec.containers, ...ephemeral]) {
    defaultContainer(container);
  }
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ||= 'default-scheduler';
  mirrorServiceAccount(spec);
  roundQuantities(spec.overhead);
  if (spec.resources !== undefined) roundResources(spec.resources);
}

/** The account has an old name beside its own; both always say the same. */
export function mirrorServiceAccount(spec: PodSpec): void {
  const account = spec.serviceAccountName || spec.serviceAccount;
  if (!account) return;
  spec.serviceAccountName = account;
  spec.serviceAccount = account;
}

/** A template's metadata shows an unset time, since a kube-apiserver prints one. */
export function defaultPodTemplate(template: PodTemplateSpec): void {
  template.metadata = { ...template.metadata, creationTimestamp: template.metadata?.creationTimestamp ?? null };
  defaultPodSpec(ensured(template));
}

/** The spec of what may have come without one. */
export function ensured(holder: { spec?: PodSpec | undefined }): PodSpec {
  holder.spec ??= { containers: [] };
  holder.spec.containers ??= [];
  return holder.spec;
}

/** What is filled in a Pod only. */
export function defaultPodOnly(spec: PodSpec): void {
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    if (container.resources !== undefined) requestLimits(container.resources);
    if (spec.hostNetwork) takeHostPorts(container);
  }
  spec.enableServiceLinks ??= true;
}

function takeHostPorts({ ports = [] }: Container): void {
  for (const port of ports) port.hostPort ||= port.containerPort;
}
