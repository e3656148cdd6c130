import type { ParsedBody } from '../../../kubernetes/decode/body.ts';
import { documentsOf } from '../../../kubernetes/decode/documents.ts';
import { apiVersionOf, type Kind, type Verb } from '../../../kubernetes/kind.ts';
import { labelValueProblems } from '../../../kubernetes/label.ts';
import type { ObjectKey } from '../../../kubernetes/object.ts';
import { quoted } from '../../../kubernetes/shown-value.ts';
import { badRequest, StatusError } from '../../../kubernetes/status-error.ts';
import { deleteObject } from '../../../kubernetes/write/delete.ts';
import { authorizeResource } from '../authorize.ts';
import { readBody } from '../body.ts';
import type { ApiDependencies, User } from '../dependencies.ts';
import { endOfTurn } from '../../end-of-turn.ts';
import { statusOf } from '../errors.ts';
import { writeOptions } from '../options.ts';
import { isTrue } from '../request-info.ts';
import { json } from '../respond.ts';
import { applyObject, type ApplyOptions } from './apply-object.ts';
import { itemTexts, type Item } from './item.ts';
import { manifestOf, namesOf, type Names } from './manifest.ts';
import { setLabel, strangers, type Stranger } from './prune.ts';

/** What a request asks for. */
interface Asked {
  readonly dependencies: ApiDependencies;
  readonly user: User;
  readonly documents: readonly ParsedBody[];
  /** For documents that name none. */
  readonly namespace: string;
  /** undefined: nothing is pruned. */
  readonly set: string | undefined;
  readonly options: Omit<ApplyOptions, 'namespaceComes'>;
}

/**
 * POST /apply: applies every document of the body, in order, as `kubectl apply` does, and answers what became of each:
 * 200, or 207 when some failed. With `atomic` all are tried first, and when one would fail none is written: 422. With
 * `prune` those that an earlier request with the same set applied and this one does not are deleted; `true` is the set
 * named after the namespace. Others are served between two documents: the store of one process answers at once, and would
 * go on until all are done. Throws StatusError when nothing can be tried.
 */
export async function applyRequest(dependencies: ApiDependencies, request: Request, user: User): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const asked = await read(dependencies, request, { query, user });
  if (isTrue(query.get('atomic')) && !asked.options.dryRun) {
    const tried = await applyAll({ ...asked, set: undefined, options: { ...asked.options, dryRun: true } });
    if (tried.items.some(isFailed)) return respond(tried.items.map(notTried), 422);
  }
  const { items, keys } = await applyAll(asked);
  if (items.some(isFailed)) return respond(items, 207);
  const pruned = asked.set === undefined ? [] : await pruneAll(asked, asked.set, keys);
  return respond([...items, ...pruned], pruned.some(isFailed) ? 207 : 200);
}

const respond = (items: readonly Item[], status: number): Response =>
  json(`{"items":[${itemTexts(items).join(',')}]}`, { status });

const isFailed = ({ result }: Item): boolean => result === 'failed';

async function read(
  dependencies: ApiDependencies,
  request: Request,
  { query, user }: { readonly query: URLSearchParams; readonly user: User },
): Promise<Asked> {
  const { dryRun, fieldValidation, askedManager } = writeOptions(query, request.headers, 'PatchOptions');
  const namespace = query.get('namespace') || 'default';
  const set = setOf(query.get('prune') ?? '', namespace);
  const given: ParsedBody[] = [];
  for (const document of documentsOf(new TextDecoder().decode(await readBody(request)))) {
    if (document.value !== null && document.value !== undefined) given.push(document);
    await endOfTurn();
  }
  if (given.length === 0) throw badRequest('the body holds no objects');
  const labels = set === undefined ? {} : { [setLabel]: set };
  const options = { dryRun, fieldValidation, manager: askedManager ?? 'skiff-apply', labels };
  return { dependencies, user, documents: given, namespace, set, options };
}

function setOf(prune: string, namespace: string): string | undefined {
  if (prune === '' || prune === 'false') return undefined;
  const set = isTrue(prune) ? namespace : prune;
  const [problem] = labelValueProblems(set);
  if (problem !== undefined) throw badRequest(`prune: Invalid value: ${quoted(set)}: ${problem}`);
  return set;
}

async function applyAll(
  asked: Asked,
): Promise<{ readonly items: readonly Item[]; readonly keys: readonly ObjectKey[] }> {
  const items: Item[] = [];
  const keys: ObjectKey[] = [];
  const namespaces = new Set<string | undefined>();
  for (const document of asked.documents) {
    await endOfTurn();
    const names = namesOf(document.value, asked.namespace);
    items.push(
      await attempt(asked, names, async () => {
        const manifest = manifestOf(document, names);
        authorize(asked, manifest, 'patch');
        const applied = await applyObject(asked.dependencies, manifest, {
          ...asked.options,
          namespaceComes: asked.options.dryRun && namespaces.has(names.namespace),
        });
        keys.push(manifest.key);
        if (manifest.key.resource === 'namespaces') namespaces.add(manifest.key.name);
        return applied;
      }),
    );
  }
  return { items, keys };
}

async function pruneAll(asked: Asked, set: string, applied: readonly ObjectKey[]): Promise<readonly Item[]> {
  const { dependencies, options } = asked;
  const items: Item[] = [];
  for (const stranger of await strangers(dependencies.store, set, applied)) {
    await endOfTurn();
    const { kind, key } = stranger;
    items.push(
      await attempt(asked, namesOfStranger(stranger), async () => {
        authorize(asked, stranger, 'delete');
        await deleteObject(dependencies, kind, { key, propagationPolicy: 'Background', dryRun: options.dryRun });
        return { result: 'pruned', warnings: [] };
      }),
    );
  }
  return items;
}

const namesOfStranger = ({ kind, key }: Stranger): Names => ({
  apiVersion: apiVersionOf(kind),
  kind: kind.kind,
  ...(kind.namespaced ? { namespace: key.namespace } : {}),
  name: key.name,
});

function authorize({ user }: Asked, what: { readonly kind: Kind; readonly key: ObjectKey }, verb: Verb): void {
  const { namespace, name } = what.key;
  authorizeResource(user, { kind: what.kind, verb, namespace, name, subresource: '' });
}

async function attempt(
  { dependencies }: Asked,
  names: Names,
  act: () => Promise<Pick<Item, 'result' | 'warnings'>>,
): Promise<Item> {
  try {
    return { ...names, ...(await act()) };
  } catch (error) {
    return { ...names, result: 'failed', warnings: [], error: statusOf(error, dependencies) };
  }
}

/** How an object is told of that could have been applied, in an atomic request of which others could not. */
const notTried = (item: Item): Item =>
  isFailed(item)
    ? item
    : {
        ...item,
        result: 'failed',
        error: new StatusError({
          code: 424,
          reason: 'FailedDependency',
          message: 'not applied, because other objects of the request cannot be',
        }).status,
      };
