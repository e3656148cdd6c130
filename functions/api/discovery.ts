import { apiVersionOf, type Kind } from '../../kubernetes/kind.ts';
import { once } from '../../kubernetes/once.ts';
import { notAcceptable } from '../../kubernetes/status-error.ts';
import { clauses, type Clause } from './negotiate.ts';
import { documentResponse, staticDocument, type StaticDocument } from './static-document.ts';
import { servedSubresources } from './subresources/served.ts';
import { servedKinds } from './served-kinds.ts';

type AggregatedVersion = 'v2' | 'v2beta1';

/** GET /api and /apis: aggregated discovery for those who ask for it, else the legacy documents. Throws StatusError 406. */
export async function discoveryRoot(request: Request, root: 'api' | 'apis'): Promise<Response> {
  const [found] = clauses(request.headers.get('accept') || '*/*').flatMap((clause) => formOf(clause) ?? []);
  if (found === undefined) throw notAcceptable(['application/json']);
  return documentResponse(request, await roots[root][found]());
}

/** `legacy`, a version of aggregated discovery, or nothing that is served. */
function formOf({ type, parameters }: Clause): 'legacy' | AggregatedVersion | undefined {
  if (!['application/json', 'application/*', '*/*'].includes(type)) return undefined;
  const { as, g, v } = parameters;
  if (as === undefined) return 'legacy';
  if (as !== 'APIGroupDiscoveryList' || g !== 'apidiscovery.k8s.io') return undefined;
  return v === 'v2' || v === 'v2beta1' ? v : undefined;
}

/** GET /apis/{group}; undefined when there is no such group. */
export function groupDocument(group: string): string | undefined {
  const found = groups().find(({ name }) => name === group);
  return found && JSON.stringify({ kind: 'APIGroup', apiVersion: 'v1', ...found });
}

/** GET /api/v1 and /apis/{group}/{version}: undefined when nothing of it is served. */
export function resourcesDocument(apiVersion: string): string | undefined {
  const served = sorted(servedKinds.filter((kind) => apiVersionOf(kind) === apiVersion));
  if (served.length === 0) return undefined;
  const kind = 'APIResourceList';
  return JSON.stringify({
    kind,
    ...(apiVersion === 'v1' ? {} : { apiVersion: 'v1' }),
    groupVersion: apiVersion,
    resources: served.flatMap(legacyResources),
  });
}

const sorted = (list: readonly Kind[]): Kind[] => list.toSorted((a, b) => (a.plural < b.plural ? -1 : 1));

/** The named groups with their versions, the preferred one first, in the order of the registry. */
const groups = once(() => {
  const names = [...new Set(servedKinds.map((kind) => kind.group).filter((group) => group !== ''))];
  return names.map((name) => {
    const versions = versionsOf(name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions, preferredVersion: versions[0] };
  });
});

const versionsOf = (group: string): string[] => [
  ...new Set(servedKinds.filter((kind) => kind.group === group).map((kind) => kind.version)),
];

const json = 'application/json';
const legacyApi = once(() =>
  staticDocument(
    JSON.stringify({
      kind: 'APIVersions',
      versions: versionsOf(''),
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }],
    }),
    json,
  ),
);
const legacyApis = once(() =>
  staticDocument(JSON.stringify({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups() }), json),
);

const aggregated = (version: AggregatedVersion, names: () => readonly string[]) =>
  once(() =>
    staticDocument(
      JSON.stringify({
        kind: 'APIGroupDiscoveryList',
        apiVersion: `apidiscovery.k8s.io/${version}`,
        metadata: {},
        items: names().map(aggregatedGroup),
      }),
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    ),
  );
const core = (): readonly string[] => [''];
const named = (): readonly string[] => groups().map(({ name }) => name);

const roots: Readonly<Record<'api' | 'apis', Record<'legacy' | AggregatedVersion, () => Promise<StaticDocument>>>> = {
  api: { legacy: legacyApi, v2: aggregated('v2', core), v2beta1: aggregated('v2beta1', core) },
  apis: { legacy: legacyApis, v2: aggregated('v2', named), v2beta1: aggregated('v2beta1', named) },
};

function legacyResources(kind: Kind): object[] {
  const { plural, singular, namespaced, verbs, shortNames, categories } = kind;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind: kind.kind,
      verbs,
      ...present({ shortNames, categories }),
    },
    ...servedSubresources(kind).map(({ name, handlers: _handlers, ...body }) => ({
      name: `${plural}/${name}`,
      singularName: '',
      namespaced,
      ...body,
    })),
  ];
}

function aggregatedGroup(group: string): object {
  return {
    metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
    versions: versionsOf(group).map((version) => ({
      version,
      resources: sorted(servedKinds.filter((kind) => kind.group === group && kind.version === version)).map(
        aggregatedResource,
      ),
      freshness: 'Current',
    })),
  };
}

/** Group and version of a kind are left empty when they are those of the document's place. */
function aggregatedResource(kind: Kind): object {
  const { plural, singular, namespaced, verbs, shortNames, categories } = kind;
  const subresources = servedSubresources(kind).map((each) => ({
    subresource: each.name,
    responseKind: { group: each.group ?? '', version: each.version ?? '', kind: each.kind },
    verbs: each.verbs,
  }));
  return {
    resource: plural,
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...present({ shortNames, categories, subresources }),
  };
}

/** Without the lists that are empty. */
const present = (lists: Readonly<Record<string, readonly unknown[]>>): object =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
