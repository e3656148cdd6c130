import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../kubernetes/object.ts';
import type { Resources } from './belongings.ts';
import { givesAway, templateOf } from './quiet-tenant.ts';
import type { Operation } from './neighbours.ts';

/** All that `a` may know of `b` at the worst: what it is called, but no value of a Secret. */
export interface Spoils {
  readonly objects: readonly KubernetesObject[];
  readonly resources: Resources;
  /** Names in AWS without ARNs around them. */
  readonly names: readonly string[];
}

interface Chance {
  /** In [0, 1). */
  (): number;
}

const pick = <T>(chance: Chance, from: readonly T[]): T => {
  const one = from[Math.floor(chance() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};
const some = <T>(chance: Chance, from: readonly T[]): T[] => from.filter(() => chance() < 3 / from.length);
const maybe = <T>(chance: Chance, value: () => T): T | undefined => (chance() < 0.4 ? value() : undefined);

/** Keys of annotations and labels that stand anywhere in the source. */
export function knownKeys(): string[] {
  const texts = ['functions', 'kubernetes', 'translate', 'local'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(join(folder, path), 'utf8')),
  );
  const found = texts.flatMap((text) => text.match(/(?:[a-z]+\.)?skiff\.dev\/[a-z][a-z-]+/g) ?? []);
  const foreign = ['revision', 'desired-replicas', 'max-replicas', 'revision-history'];
  return [
    ...new Set(found),
    ...foreign.map((name) => `deployment.kubernetes.io/${name}`),
    'controller.kubernetes.io/pod-deletion-cost',
    'kubernetes.io/service-name',
    'endpointslice.kubernetes.io/managed-by',
    'pod-template-hash',
  ];
}

/** Every text that names something of `b`. */
function valuesOf({ objects, resources, names }: Spoils): string[] {
  const { services, tasks, definitions, secrets } = resources;
  const arns = [...services.map(({ serviceArn }) => serviceArn), ...tasks.map(({ taskArn }) => taskArn)].map(String);
  const noted = objects.flatMap(({ metadata }) => Object.values({ ...metadata.annotations, ...metadata.labels }));
  const lists = [definitions.join(','), names.filter((name) => name.includes('/')).join(',')];
  const uids = objects.map(({ metadata }) => metadata.uid ?? '');
  const plain = ['0', '1', '99', 'true', 'false', '2020-01-01T00:00:00Z', 'web', ''];
  const all = [
    ...arns,
    ...definitions,
    ...Object.keys(secrets),
    ...names,
    ...lists,
    ...lists,
    ...noted,
    ...uids,
    ...plain,
  ];
  return all.filter((value) => !givesAway(value));
}

const collections = {
  pods: ['/api/v1', 'v1', 'Pod'],
  replicationcontrollers: ['/api/v1', 'v1', 'ReplicationController'],
  services: ['/api/v1', 'v1', 'Service'],
  endpoints: ['/api/v1', 'v1', 'Endpoints'],
  configmaps: ['/api/v1', 'v1', 'ConfigMap'],
  secrets: ['/api/v1', 'v1', 'Secret'],
  serviceaccounts: ['/api/v1', 'v1', 'ServiceAccount'],
  events: ['/api/v1', 'v1', 'Event'],
  deployments: ['/apis/apps/v1', 'apps/v1', 'Deployment'],
  replicasets: ['/apis/apps/v1', 'apps/v1', 'ReplicaSet'],
  endpointslices: ['/apis/discovery.k8s.io/v1', 'discovery.k8s.io/v1', 'EndpointSlice'],
} as const;
type Collection = keyof typeof collections;

/** Those that something runs for come more often. */
const plurals: readonly Collection[] = [
  ...(Object.keys(collections) as Collection[]),
  ...(['pods', 'pods', 'pods', 'replicasets', 'replicasets', 'deployments', 'replicationcontrollers'] as const),
];

const subresources = [
  'status',
  'scale',
  'eviction',
  'binding',
  'ephemeralcontainers',
  'finalize',
  'resize',
  'approval',
];
const policies = ['Background', 'Foreground', 'Orphan'];

/** Random operations of a tenant who may write to the namespace `a` alone: the same ones for the same chance. */
export class Operations {
  private readonly chance: Chance;
  private readonly spoils: Spoils;
  private readonly keys = knownKeys();
  private readonly values: readonly string[];
  private readonly names: readonly string[];

  constructor(chance: Chance, spoils: Spoils) {
    this.chance = chance;
    this.spoils = spoils;
    this.values = valuesOf(spoils);
    const neighbours = spoils.objects.map(({ metadata }) => metadata.name ?? '');
    this.names = [...neighbours, 'b', 'web-b', 'a--b', 'a.b', 'b.web', 'a_b', 'a__b'];
  }

  /** So many of them. */
  take(count: number): Operation[] {
    const operations: Operation[] = [];
    while (operations.length < count) {
      const roll = this.chance();
      operations.push(...(roll < 0.08 ? this.puppet() : roll < 0.12 ? this.trap() : [this.next()]));
    }
    return operations;
  }

  /** A Pod that nobody looks after, and so keeps the status that it is given; then somebody reaches for its containers. */
  private puppet(): Operation[] {
    const path = `${this.path('pods')}/${this.name()}`;
    const body = this.manifest('pods');
    const nobody = { apiVersion: 'x/v1', kind: 'Foo', name: 'x', uid: '1', controller: true };
    const metadata = { ...body.metadata, name: path.split('/').at(-1), ownerReferences: [nobody] };
    const type = 'application/merge-patch+json';
    return [
      { method: 'POST', path: this.path('pods'), body: { ...body, metadata } },
      { method: 'PATCH', path: `${path}/status`, body: { status: this.status() }, type },
      { stream: `${path}/exec?command=env&stdout=true` },
      { method: 'GET', path: `${path}/log` },
    ];
  }

  /** A ReplicaSet that says it is a revision of the Deployment of `b`, by its uid, and stays until that is looked at. */
  private trap(): Operation[] {
    const body = this.manifest('replicasets');
    const uid = this.spoils.objects.find(({ kind }) => kind === 'Deployment')?.metadata.uid;
    const [apiVersion, kind] = this.chance() < 0.5 ? ['apps/v1', 'Deployment'] : ['x/v1', 'Foo'];
    const owner = { apiVersion, kind, name: 'web', uid, controller: true, blockOwnerDeletion: true };
    const annotations = { 'deployment.kubernetes.io/revision': '99', ...this.annotations() };
    const metadata = { ...body.metadata, annotations, finalizers: ['a.example/hold'], ownerReferences: [owner] };
    return [{ method: 'POST', path: this.path('replicasets'), body: { ...body, metadata } }, { seconds: 301 }];
  }

  private next(): Operation {
    const roll = this.chance();
    if (roll < 0.25) return this.create();
    if (roll < 0.4) return this.change();
    if (roll < 0.55) return this.writeSubresource();
    if (roll < 0.65) return this.remove();
    if (roll < 0.75) return this.reach();
    if (roll < 0.78) return { method: 'POST', path: '/apply?namespace=a', body: this.manifest(this.plural()) };
    if (roll < 0.97) return { seconds: 1 + Math.floor(this.chance() * 20) };
    return { seconds: 301 };
  }

  private plural = (): Collection => pick(this.chance, plurals);
  /** Often the same ones, so that one thing is done to another. */
  private name = (): string => pick(this.chance, this.chance() < 0.6 ? ['web', 'solo', 'x'] : this.names);
  private path = (plural: Collection): string => `${collections[plural][0]}/namespaces/a/${plural}`;
  private image = (): string => pick(this.chance, ['x:1', 'x:2', 'registry.b.example/web:3']);

  private create(): Operation {
    const plural = this.plural();
    return { method: 'POST', path: this.path(plural), body: this.manifest(plural) };
  }

  private change(): Operation {
    const plural = this.plural();
    const body = this.manifest(plural);
    const path = `${this.path(plural)}/${body.metadata.name}`;
    if (this.chance() < 0.3) return { method: 'PUT', path, body };
    if (this.chance() < 0.3)
      return { method: 'PATCH', path: `${path}?fieldManager=a&force=true`, body, type: 'application/apply-patch+yaml' };
    const { annotations, ownerReferences, labels, finalizers } = body.metadata;
    const metadata = { annotations, ownerReferences, labels, finalizers };
    return { method: 'PATCH', path, body: { metadata }, type: 'application/merge-patch+json' };
  }

  private writeSubresource(): Operation {
    const plural = this.plural();
    const named = `${this.path(plural)}/${this.name()}`;
    const subresource = this.chance() < 0.6 ? 'status' : pick(this.chance, subresources);
    const path = `${named}/${subresource}`;
    if (subresource === 'scale') {
      const body = { spec: { replicas: Math.floor(this.chance() * 4) } };
      return { method: 'PATCH', path, body, type: 'application/merge-patch+json' };
    }
    if (subresource === 'status') {
      const { metadata, ...manifest } = this.manifest(plural);
      const status = this.status();
      if (this.chance() < 0.3) return { method: 'PUT', path, body: { ...manifest, metadata, status } };
      return { method: 'PATCH', path, body: { metadata, status }, type: 'application/merge-patch+json' };
    }
    const body = { metadata: { name: this.name() }, target: { kind: 'Node', name: this.name() } };
    return { method: pick(this.chance, ['POST', 'PUT', 'PATCH']), path, body };
  }

  private remove(): Operation {
    const plural = this.plural();
    const named = this.chance() < 0.8 ? `/${this.name()}` : '';
    const query = new URLSearchParams({ propagationPolicy: pick(this.chance, policies) });
    if (this.chance() < 0.4) query.set('gracePeriodSeconds', '0');
    return { method: 'DELETE', path: `${this.path(plural)}${named}?${query.toString()}` };
  }

  /** Into containers, and whatever else may be read. */
  private reach(): Operation {
    const path = `${this.path('pods')}/${this.name()}`;
    const streams = ['exec?command=env&stdout=true', 'attach?stdout=true', 'portforward?ports=8080'];
    if (this.chance() < 0.4) return { stream: `${path}/${pick(this.chance, streams)}` };
    const plural = this.plural();
    const paths = [
      ...['/log', '/log?previous=true', '/log?container=app', '/proxy/', ''].map((end) => `${path}${end}`),
      this.path(plural),
      `${this.path(plural)}/${this.name()}`,
      `${this.path('services')}/${this.name()}/proxy/`,
    ];
    return { method: 'GET', path: pick(this.chance, paths) };
  }

  private manifest(plural: Collection) {
    const [, apiVersion, kind] = collections[plural];
    return { apiVersion, kind, metadata: this.metadata(), ...this.content(plural) };
  }

  private metadata() {
    return {
      name: this.name(),
      labels: this.labels(),
      annotations: maybe(this.chance, () => this.annotations()),
      ownerReferences: maybe(this.chance, () => this.owners()),
      finalizers:
        this.chance() < 0.1 ? [pick(this.chance, ['a.example/hold', 'foregroundDeletion', 'orphan'])] : undefined,
      uid: this.chance() < 0.05 ? pick(this.chance, this.spoils.objects).metadata.uid : undefined,
    };
  }

  private labels(): Record<string, string> {
    return { app: pick(this.chance, ['web', 'lone', 'old', 'solo', 'x']) };
  }

  private annotations(): Record<string, string> {
    const telling = this.keys.filter((key) => /task|secret|definition|revision|rollout/.test(key));
    const keys = some(this.chance, this.chance() < 0.6 ? telling : this.keys);
    return Object.fromEntries(keys.map((key) => [key, this.valueFor(key)]));
  }

  /** Mostly what the key asks for, as far as its name tells. */
  private valueFor(key: string): string {
    const { tasks, definitions, secrets } = this.spoils.resources;
    if (this.chance() < 0.4) return pick(this.chance, this.values);
    if (key.endsWith('/task')) return String(pick(this.chance, tasks)['taskArn']);
    if (key.includes('definition')) return pick(this.chance, [...definitions, definitions.join(',')]);
    if (key.includes('secret'))
      return pick(this.chance, [
        ...this.spoils.names.filter((name) => name.includes('/')),
        Object.keys(secrets).join(','),
      ]);
    return pick(this.chance, this.values);
  }

  /** At most one controller, as the API asks for. */
  private owners() {
    const controller = this.chance() < 0.7 ? 0 : -1;
    const workloads = this.spoils.objects.filter(({ kind }) => kind === 'Deployment' || kind === 'ReplicaSet');
    const owners = some(this.chance, this.chance() < 0.5 ? workloads : this.spoils.objects);
    return owners.map(({ apiVersion, kind, metadata: { name, uid } }, index) => ({
      ...(this.chance() < 0.2 ? { apiVersion: 'x/v1', kind: 'Foo' } : { apiVersion, kind }),
      name,
      uid,
      blockOwnerDeletion: this.chance() < 0.7,
      ...(index === controller ? { controller: true } : {}),
    }));
  }

  private template(labels: Record<string, string>) {
    const { spec } = templateOf('web', 'web:3');
    const own = {
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'app', image: this.image() }],
      nodeName: maybe(this.chance, () => 'fargate-us-east-1a'),
    };
    const annotations = maybe(this.chance, () => this.annotations());
    return { metadata: { labels, annotations }, spec: this.chance() < 0.3 ? spec : own };
  }

  private content(plural: Collection): object {
    const labels = this.labels();
    const replicas = Math.floor(this.chance() * 3);
    switch (plural) {
      case 'pods':
        return { spec: this.template(labels).spec, status: this.status() };
      case 'replicationcontrollers':
        return { spec: { replicas, selector: labels, template: this.template(labels) }, status: this.status() };
      case 'deployments':
      case 'replicasets':
        return {
          spec: { replicas, selector: { matchLabels: labels }, template: this.template(labels) },
          status: this.status(),
        };
      case 'services':
        return { spec: { selector: maybe(this.chance, () => labels), ports: [{ port: 80 }] } };
      case 'endpoints':
        return { subsets: [{ addresses: this.addresses(), ports: [{ port: 8080 }] }] };
      case 'endpointslices':
        return { addressType: 'IPv4', endpoints: [{ addresses: this.addresses().map(({ ip }) => ip) }] };
      case 'events':
        return { involvedObject: this.owners()[0], reason: 'x', message: 'x' };
      case 'secrets':
      case 'configmaps':
        return { data: { password: 'b3du' } };
      case 'serviceaccounts':
        return { imagePullSecrets: [{ name: 'registry' }] };
    }
  }

  private podsOfNeighbour = (): readonly Record<string, unknown>[] =>
    this.spoils.objects.filter(({ kind }) => kind === 'Pod').map((pod) => ({ ...pod }));

  private addresses() {
    return this.podsOfNeighbour().map(({ status, metadata }) => ({
      ip: (status as { podIP: string }).podIP,
      targetRef: {
        kind: 'Pod',
        ...(metadata as { namespace: string; name: string; uid: string }),
        labels: undefined,
        annotations: undefined,
      },
    }));
  }

  /** The status of a Pod of `b`, or counts. */
  private status(): object {
    const { status } = pick(this.chance, this.podsOfNeighbour());
    const { containerStatuses = [], ...rest } = status as { containerStatuses?: { containerID?: string }[] };
    const lastState = { terminated: { exitCode: 0, containerID: containerStatuses[0]?.containerID } };
    if (this.chance() < 0.2) return { replicas: 1, readyReplicas: 1, observedGeneration: 99 };
    return { ...rest, containerStatuses: containerStatuses.map((each) => ({ ...each, lastState })) };
  }
}
