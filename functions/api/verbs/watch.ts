import { resourceOf } from '../../../kubernetes/kind.ts';
import type { Handler } from '../call.ts';
import { negotiate } from '../negotiate.ts';
import { selectionOf } from '../selection.ts';
import { eventLines } from '../watch/event-text.ts';
import { watchOptions } from '../watch/options.ts';
import { watchStream } from '../watch/stream.ts';

/** GET of a collection with `watch`: its changes as lines of JSON. The headers go out at once, before any event. */
export const watch: Handler = async (call) => {
  const { dependencies, kind, namespace, request, query } = call;
  const { store, clock } = dependencies;
  const representation = negotiate(request.headers.get('accept'));
  const options = watchOptions(query, dependencies.maximumWatchSeconds);
  const stream = watchStream({
    kind,
    namespace,
    selection: selectionOf(kind, query),
    options,
    lines: eventLines({ kind, representation, includeObject: query.get('includeObject'), now: () => clock.now() }),
    store,
    feed: call.feeds(resourceOf(kind)),
    clock,
    report: (error) => dependencies.report(error),
  });
  return new Response(stream, {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' },
  });
};
