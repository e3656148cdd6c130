import { apiVersionOf, type Kind, type Verb } from '../kind.ts';
import { nameParameter, namespaceParameter, parametersOf, pretty, type Parameter } from './parameters.ts';

export type Method = 'get' | 'put' | 'post' | 'delete' | 'patch';

/** What a kind's paths offer, before it is written in the form of a version of OpenAPI. */
export interface Path {
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly operations: Partial<Record<Method, Operation>>;
}

export interface Operation {
  readonly action: 'get' | 'list' | 'post' | 'put' | 'patch' | 'delete' | 'deletecollection';
  readonly id: string;
  readonly tag: string;
  readonly description: string;
  readonly parameters: readonly Parameter[];
  readonly type: { readonly group: string; readonly version: string; readonly kind: string };
  /** The ids of the schemas of body and answer. */
  readonly body?: string;
  readonly response: string;
}

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const scaleType = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
const scaleId = 'io.k8s.api.autoscaling.v1.Scale';

/** `/apis/apps/v1`, `/api/v1` */
export const rootOf = (kind: Pick<Kind, 'group' | 'version'>): string =>
  kind.group === '' ? `/api/${kind.version}` : `/apis/${apiVersionOf(kind)}`;

/** The paths of a kind whose schema has the id. */
export function pathsOf(kind: Kind, id: string): readonly Path[] {
  const root = rootOf(kind);
  const collection = kind.namespaced ? `${root}/namespaces/{namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  const scope = kind.namespaced ? [namespaceParameter] : [];
  const one = [nameParameter(kind.kind), ...scope, pretty];
  const maker = new Maker(kind, id);
  const everywhere: readonly Path[] = kind.namespaced
    ? [{ path: `${root}/${kind.plural}`, parameters: [pretty], operations: maker.listEverywhere() }]
    : [];
  const paths: readonly Path[] = [
    ...everywhere,
    { path: collection, parameters: [...scope, pretty], operations: maker.collection() },
    { path: `${collection}/{name}`, parameters: one, operations: maker.object() },
    ...(kind.subresources.scale
      ? [{ path: `${collection}/{name}/scale`, parameters: one, operations: maker.scale() }]
      : []),
    ...(kind.subresources.status
      ? [{ path: `${collection}/{name}/status`, parameters: one, operations: maker.status() }]
      : []),
  ];
  return paths.filter(({ operations }) => Object.keys(operations).length > 0);
}

/** `AppsV1`, `CoreV1`, `DiscoveryV1` */
const versionName = (kind: Kind): string => `${capitalised(shortGroup(kind))}${capitalised(kind.version)}`;
const shortGroup = (kind: Kind): string => (kind.group === '' ? 'core' : (kind.group.split('.')[0] ?? ''));
const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

interface Draft {
  readonly action: Operation['action'];
  readonly verb: string;
  readonly description: string;
  readonly response: string;
  readonly body?: string;
  /** After the kind in the operation's id. */
  readonly suffix?: string;
  readonly type?: Operation['type'];
}

class Maker {
  readonly #kind: Kind;
  readonly #id: string;

  constructor(kind: Kind, id: string) {
    this.#kind = kind;
    this.#id = id;
  }

  listEverywhere(): Path['operations'] {
    const { kind } = this.#kind;
    return this.#has('list')
      ? {
          get: this.#operation({
            action: 'list',
            verb: 'list',
            description: `list or watch objects of kind ${kind}`,
            response: `${this.#id}List`,
            suffix: 'ForAllNamespaces',
          }),
        }
      : {};
  }

  collection(): Path['operations'] {
    const { kind } = this.#kind;
    const [list, one] = [`${this.#id}List`, this.#id];
    return {
      ...(this.#has('list')
        ? {
            get: this.#operation({
              action: 'list',
              verb: 'list',
              description: `list or watch objects of kind ${kind}`,
              response: list,
            }),
          }
        : {}),
      ...(this.#has('create')
        ? {
            post: this.#operation({
              action: 'post',
              verb: 'create',
              description: `create ${this.#one()}`,
              response: one,
              body: one,
            }),
          }
        : {}),
      ...(this.#has('deletecollection')
        ? {
            delete: this.#operation({
              action: 'deletecollection',
              verb: 'delete',
              description: `delete collection of ${kind}`,
              response: `${meta}.Status`,
              body: `${meta}.DeleteOptions`,
            }),
          }
        : {}),
    };
  }

  object(): Path['operations'] {
    const { kind } = this.#kind;
    return {
      ...this.#readAndWrite({ of: kind, id: this.#id, verbs: this.#kind.verbs }),
      ...(this.#has('delete')
        ? {
            delete: this.#operation({
              action: 'delete',
              verb: 'delete',
              description: `delete ${this.#one()}`,
              response: `${meta}.Status`,
              body: `${meta}.DeleteOptions`,
            }),
          }
        : {}),
    };
  }

  status(): Path['operations'] {
    return this.#readAndWrite({ of: `status of the specified ${this.#kind.kind}`, id: this.#id, suffix: 'Status' });
  }

  scale(): Path['operations'] {
    const of = `scale of the specified ${this.#kind.kind}`;
    return this.#readAndWrite({ of, id: scaleId, suffix: 'Scale', type: scaleType });
  }

  #readAndWrite(what: {
    readonly of: string;
    readonly id: string;
    readonly suffix?: string;
    readonly type?: Operation['type'];
    readonly verbs?: readonly Verb[];
  }): Path['operations'] {
    const { id, verbs = ['get', 'update', 'patch'] } = what;
    const named = what.suffix === undefined ? `the specified ${what.of}` : what.of;
    const common = {
      response: id,
      ...(what.suffix === undefined ? {} : { suffix: what.suffix }),
      ...(what.type === undefined ? {} : { type: what.type }),
    };
    const draft = (action: 'get' | 'put' | 'patch', verb: string, description: string): Operation =>
      this.#operation({
        ...common,
        action,
        verb,
        description: `${description} ${named}`,
        ...(action === 'get' ? {} : { body: action === 'put' ? id : `${meta}.Patch` }),
      });
    return {
      ...(verbs.includes('get') ? { get: draft('get', 'read', 'read') } : {}),
      ...(verbs.includes('update') ? { put: draft('put', 'replace', 'replace') } : {}),
      ...(verbs.includes('patch') ? { patch: draft('patch', 'patch', 'partially update') } : {}),
    };
  }

  /** `a Deployment`, `an Event`, `Endpoints` */
  #one(): string {
    const { kind, plural } = this.#kind;
    if (kind.toLowerCase() === plural) return kind;
    return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
  }

  #has(verb: Verb): boolean {
    return this.#kind.verbs.includes(verb);
  }

  #operation({ action, verb, description, response, body, suffix = '', type }: Draft): Operation {
    const { group, version, kind, namespaced } = this.#kind;
    const scope = namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
    return {
      action,
      id: `${verb}${versionName(this.#kind)}${action === 'deletecollection' ? 'Collection' : ''}${scope}${kind}${suffix}`,
      tag: `${shortGroup(this.#kind)}_${version}`,
      description,
      parameters: parametersOf[action],
      type: type ?? { group, version, kind },
      response,
      ...(body === undefined ? {} : { body }),
    };
  }
}
