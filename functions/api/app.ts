import { Hono } from 'hono';
import { admit } from '../../translate/admission.ts';
import { applyRequest } from './apply/apply.ts';
import { authenticate } from './authenticate.ts';
import { authorizePath } from './authorize.ts';
import type { ApiDependencies, User } from './dependencies.ts';
import { discoveryRoot, groupDocument, resourcesDocument } from './discovery.ts';
import { errorResponse } from './errors.ts';
import { health } from './health.ts';
import { openapiIndex, openapiOfGroup, openapiVersionTwo } from './openapi.ts';
import { rootDocument } from './root.ts';
import { resourceRequest, targetOf } from './request-info.ts';
import { answerResource } from './resource.ts';
import { json } from './respond.ts';
import { versionDocument } from './version.ts';
import { watchFeeds } from './watch/feed.ts';

/** The API server: what kube-apiserver answers, from a store. */
export function createApp(given: ApiDependencies): Hono {
  const dependencies: ApiDependencies = { ...given, admit };
  const app = new Hono({ strict: false });
  openPaths(app, dependencies);
  documentPaths(app, dependencies);
  app.post('/apply', (context) =>
    answer(dependencies, context.req.raw, (request, user) => applyRequest(dependencies, request, user)),
  );
  const feeds = watchFeeds(dependencies.store);
  app.all('*', (context) =>
    answer(dependencies, context.req.raw, async (request, user) => {
      const target = targetOf(request.url);
      const asked = resourceRequest(request.method, target);
      if (asked === undefined) return pageNotFound();
      return answerResource({ ...asked, dependencies, feeds, request, user });
    }),
  );
  app.onError((error) => errorResponse(error, dependencies));
  return app;
}

type Answer = (request: Request, user: User) => Promise<Response> | Response;

/** Answers somebody who is known; any error becomes a Status. */
async function answer(dependencies: ApiDependencies, request: Request, respond: Answer): Promise<Response> {
  try {
    return await respond(request, await authenticate(dependencies, request));
  } catch (error) {
    return errorResponse(error, dependencies);
  }
}

/** What answers without credentials. */
function openPaths(app: Hono, dependencies: ApiDependencies): void {
  app.get('/version', () => json(versionDocument()));
  for (const path of ['/healthz', '/livez', '/readyz']) {
    app.get(path, (context) => health(dependencies, path, new URL(context.req.url).searchParams));
    app.get(`${path}/ping`, (context) => health(dependencies, path, new URL(context.req.url).searchParams));
  }
}

/** Paths that are no resources. */
function documentPaths(app: Hono, dependencies: ApiDependencies): void {
  const serve = (
    path: string,
    respond: (request: Request, parts: Readonly<Record<string, string>>) => Promise<Response> | Response,
  ) => {
    app.get(path, (context) =>
      answer(dependencies, context.req.raw, (request, user) => {
        authorizePath(user, request.method, targetOf(request.url).path);
        return respond(request, context.req.param());
      }),
    );
  };
  const orNotFound = (text: string | undefined): Response => (text === undefined ? pageNotFound() : json(text));
  serve('/', () => json(rootDocument()));
  serve('/api', (request) => discoveryRoot(request, 'api'));
  serve('/apis', (request) => discoveryRoot(request, 'apis'));
  serve('/api/:version', (_request, { version = '' }) => orNotFound(resourcesDocument(version)));
  serve('/apis/:group', (_request, { group = '' }) => orNotFound(groupDocument(group)));
  serve('/apis/:group/:version', (_request, { group, version }) =>
    orNotFound(resourcesDocument(`${group}/${version}`)),
  );
  serve('/openapi/v2', openapiVersionTwo);
  serve('/openapi/v3', openapiIndex);
  serve('/openapi/v3/*', async (request) => {
    const path = targetOf(request.url).path.slice('/openapi/v3/'.length);
    return (await openapiOfGroup(request, path)) ?? pageNotFound();
  });
}

const pageNotFound = (): Response =>
  new Response('404 page not found\n', {
    status: 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
  });
