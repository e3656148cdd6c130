import { openCloud } from '../cloud.ts';
import { readConfig } from '../config.ts';
import { report } from '../report.ts';
import { createApp } from './app.ts';
import { administrator, carriesToken } from './bearer-token.ts';
import { functionUrlHandler } from './function-url.ts';
import { resourceRequest, targetOf } from './request-info.ts';

const { tokenDigest, maximumWatchSeconds, ...config } = readConfig(process.env);

const app = createApp({
  ...openCloud({ ...config, maximumWatchSeconds }),
  report,
  maximumWatchSeconds,
  authenticate: async (request) =>
    tokenDigest !== undefined && carriesToken(request, tokenDigest) ? administrator : undefined,
});

/** The Kubernetes API behind a function URL. */
export const handler = functionUrlHandler({
  fetch: (request) => app.fetch(request),
  waits: ({ method, url }) => resourceRequest(method, targetOf(url))?.verb === 'watch',
});
