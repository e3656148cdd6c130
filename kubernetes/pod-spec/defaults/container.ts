import type { Container } from '../container.ts';
import type { EnvVar } from '../environment.ts';
import type { HTTPGetAction, Lifecycle } from '../handler.ts';
import { defaultPullPolicy } from './image.ts';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../key-selector.ts';
import type { Probe } from '../probe.ts';
import { roundResources } from './resources.ts';

/** Fills what a container leaves unset, in a Pod and in a template alike. */
export function defaultContainer(container: Container): void {
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  container.resources ??= {};
  roundResources(container.resources);
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const variable of container.env ?? []) defaultVariable(variable);
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (probe !== undefined) defaultProbe(probe);
  }
  if (container.lifecycle !== undefined) defaultLifecycle(container.lifecycle);
}

function defaultVariable({ valueFrom }: EnvVar): void {
  if (valueFrom?.fieldRef !== undefined) defaultFieldRef(valueFrom.fieldRef);
  if (valueFrom?.resourceFieldRef !== undefined) defaultResourceFieldRef(valueFrom.resourceFieldRef);
}

export function defaultFieldRef(reference: ObjectFieldSelector): void {
  reference.apiVersion ||= 'v1';
}

/** A divisor of 0 is how a kube-apiserver prints one that is unset; it counts as 1. */
export function defaultResourceFieldRef(reference: ResourceFieldSelector): void {
  reference.divisor ??= '0';
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  if (probe.grpc !== undefined) probe.grpc.service ??= '';
  defaultHttpGet(probe.httpGet);
}

function defaultLifecycle({ postStart, preStop }: Lifecycle): void {
  defaultHttpGet(postStart?.httpGet);
  defaultHttpGet(preStop?.httpGet);
}

function defaultHttpGet(action: HTTPGetAction | undefined): void {
  if (action === undefined) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}
