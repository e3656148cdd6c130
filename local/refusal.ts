import type { IncomingMessage } from 'node:http';
import { otherSiteProblem } from '../functions/api/other-site.ts';
import { targetProblem } from '../functions/api/target-problem.ts';
import { httpLimits } from '../kubernetes/limits.ts';
import { badRequest, forbiddenAccess, headersTooLarge, type StatusError } from '../kubernetes/status-error.ts';

/** Why a request is refused before anything looks at it, over HTTP and for other protocols alike; undefined: it is not. */
export function refusal(request: IncomingMessage, isSecure: boolean): StatusError | undefined {
  const { headers, rawHeaders, url = '' } = request;
  const { host, origin } = headers;
  // Names and values take turns.
  if (rawHeaders.length > 2 * httpLimits.headers) return headersTooLarge(httpLimits.headers);
  if (hostLines(rawHeaders) > 1) return badRequest('a request has one Host header');
  const problem = targetProblem(url);
  if (problem !== undefined) return problem;
  // To its browser, a page whose name has come to mean 127.0.0.1 is of this server's site. Over TLS, the certificate tells.
  if (!isSecure && !isLoopback(host)) {
    return forbiddenAccess('over plain HTTP, the host has to be localhost, 127.0.0.1 or [::1]');
  }
  return otherSiteProblem({ host, origin, site: headers['sec-fetch-site']?.toString() });
}

/** Node hears the first of several alone. */
const hostLines = (rawHeaders: readonly string[]): number =>
  rawHeaders.filter((each, index) => index % 2 === 0 && each.length === 4 && each.toLowerCase() === 'host').length;

const isLoopback = (host = ''): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i.test(host);
