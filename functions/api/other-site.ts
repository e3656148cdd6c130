import { forbiddenAccess, type StatusError } from '../../kubernetes/status-error.ts';

/** What browsers say of the page that sends a request. Scripts of a page cannot set these headers. */
export interface PageHeaders {
  readonly host: string | null | undefined;
  readonly origin: string | null | undefined;
  /** `Sec-Fetch-Site` */
  readonly site: string | null | undefined;
}

/**
 * 403 when a page of another site sends a request, by the rules of Go's `http.CrossOriginProtection`, but for every method:
 * `Sec-Fetch-Site` decides, since it is right behind `kubectl proxy` too; browsers without it send an `Origin`, which has to
 * be the host that is asked. Other clients send neither.
 */
export function otherSiteProblem({ host, origin, site }: PageHeaders): StatusError | undefined {
  const isOfOther =
    site == null
      ? origin != null && origin.replace(/^https?:\/\//, '') !== host
      : !['same-origin', 'none'].includes(site);
  return isOfOther ? forbiddenAccess('the request comes from a page of another site') : undefined;
}
