import { resourceOf } from '../../../kubernetes/kind.ts';
import { badRequest, expired, tooLargeResourceVersion } from '../../../kubernetes/status-error.ts';
import { formatContinueToken } from '../../../kubernetes/store/continue-token.ts';
import type { Expired, ListPage, ListQuery } from '../../../kubernetes/store/store.ts';
import type { Call, Handler } from '../call.ts';
import { listResponse } from '../list-response.ts';
import { negotiate } from '../negotiate.ts';
import { askedRevision, parseInteger } from '../resource-version.ts';
import { selectionOf } from '../selection.ts';

/** GET of a collection. */
export const list: Handler = async (call) => {
  const { kind, request, query, dependencies } = call;
  const representation = negotiate(request.headers.get('accept'));
  const listQuery = await listQueryOf(call);
  const page = await readQuery(call, listQuery);
  const { store, clock } = dependencies;
  return listResponse({
    kind,
    items: page.items,
    origin: { store, clock, query: listQuery, revision: page.revision },
    metadata: {
      resourceVersion: String(page.revision),
      ...(page.continue === undefined ? {} : { continue: page.continue }),
      ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
    },
    representation,
    includeObject: query.get('includeObject'),
    now: clock.now(),
  });
};

/** The page that a call asks for. Throws StatusError 400, 410, 422, and 504 for a revision that is not reached yet. */
export const readPage = async (call: Call): Promise<ListPage> => readQuery(call, await listQueryOf(call));

async function readQuery({ dependencies, query }: Call, listQuery: ListQuery): Promise<ListPage> {
  const page = await dependencies.store.list(listQuery);
  if (page.ok) return page;
  throw expiredPage(page, query);
}

async function listQueryOf(call: Call): Promise<ListQuery> {
  const { kind, namespace, query } = call;
  const where = selectionOf(kind, query);
  const limit = parseInteger(query, 'limit');
  const token = continueToken(query) ?? (await tokenOfRevision(call));
  return {
    resource: resourceOf(kind),
    ...(namespace === '' ? {} : { namespace }),
    ...(where === undefined ? {} : { where }),
    ...(limit === undefined || limit <= 0 ? {} : { limit }),
    ...(token === undefined ? {} : { continue: token }),
  };
}

function continueToken(query: URLSearchParams): string | undefined {
  const token = query.get('continue') ?? '';
  if (token === '') return undefined;
  const revision = query.get('resourceVersion') ?? '';
  if (revision !== '' && revision !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  return token;
}

/** A list at exactly one revision is a list that goes on, at that revision, from before the first object. */
async function tokenOfRevision({ query, dependencies }: Call): Promise<string | undefined> {
  const { revision, match } = askedRevision(query);
  if (revision === undefined || revision === 0) return undefined;
  const current = await dependencies.store.revision();
  if (revision > current) throw tooLargeResourceVersion(revision, current);
  if (match !== 'Exact' || revision === current) return undefined;
  return formatContinueToken({ after: { namespace: '', name: '' }, revision });
}

function expiredPage(page: Expired, query: URLSearchParams): Error {
  if (!query.get('continue')) return expired('The resourceVersion for the provided list is too old.');
  return expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    page.continue,
  );
}
