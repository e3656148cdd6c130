import type { ObjectKey } from '../../kubernetes/object.ts';
import { resourceOf } from '../../kubernetes/kind.ts';
import type { ApiDependencies, User } from './dependencies.ts';
import type { ResourceRequest } from './request-info.ts';
import type { WatchFeeds } from './watch/feed.ts';

/** A request for a resource, from somebody who may make it. */
export interface Call extends ResourceRequest {
  readonly dependencies: ApiDependencies;
  readonly feeds: WatchFeeds;
  readonly request: Request;
  readonly user: User;
}

export type Handler = (call: Call) => Promise<Response>;

/** The key of the object that a call names. */
export const keyOfCall = ({ kind, namespace, name }: ResourceRequest): ObjectKey => ({
  resource: resourceOf(kind),
  namespace,
  name,
});
