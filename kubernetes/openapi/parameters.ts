/** A query or path parameter of an operation, before it is written in the form of a version of OpenAPI. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
}

const query = (name: string, type: Parameter['type'], description: string): Parameter => ({
  name,
  in: 'query',
  type,
  description,
});

const dryRun = query('dryRun', 'string', 'With the value All, everything is done but storing the result.');
const fieldManager = query(
  'fieldManager',
  'string',
  'The name under which changed fields are recorded, at most 128 characters.',
);
const fieldValidation = query(
  'fieldValidation',
  'string',
  'What becomes of unknown and duplicate fields: Ignore drops them, Warn (the default) tells of them, Strict refuses the request.',
);

const selection: readonly Parameter[] = [
  query('allowWatchBookmarks', 'boolean', 'Lets a watch send events of type BOOKMARK.'),
  query('continue', 'string', 'The token of an earlier page, for the next one.'),
  query('fieldSelector', 'string', 'Only objects whose fields have these values.'),
  query('labelSelector', 'string', 'Only objects with such labels.'),
  query('limit', 'integer', 'At most so many objects in a page.'),
  query('resourceVersion', 'string', 'The revision that a list has to show at least, or after which a watch starts.'),
  query('resourceVersionMatch', 'string', 'How resourceVersion is meant in a list: NotOlderThan or Exact.'),
  query('sendInitialEvents', 'boolean', 'Lets a watch begin with the objects that exist.'),
  query('timeoutSeconds', 'integer', 'Ends a watch after so many seconds.'),
];
const watch = query('watch', 'boolean', 'Streams changes instead of answering a list.');

const deletion: readonly Parameter[] = [
  dryRun,
  query('gracePeriodSeconds', 'integer', 'How long the object may take to end; 0 deletes at once.'),
  query(
    'ignoreStoreReadErrorWithClusterBreakingPotential',
    'boolean',
    'Accepted for the sake of clients; stored objects can always be read.',
  ),
  query('orphanDependents', 'boolean', 'Deprecated: see propagationPolicy.'),
  query('propagationPolicy', 'string', 'What becomes of dependents: Orphan, Background or Foreground.'),
];

/** By what an operation does. */
export const parametersOf = {
  get: [],
  list: [...selection, watch],
  post: [dryRun, fieldManager, fieldValidation],
  put: [dryRun, fieldManager, fieldValidation],
  patch: [
    dryRun,
    fieldManager,
    fieldValidation,
    query('force', 'boolean', 'Takes fields from other managers; only for apply patches.'),
  ],
  delete: deletion,
  deletecollection: [...selection.filter(({ name }) => name !== 'allowWatchBookmarks'), ...deletion].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  ),
} as const satisfies Readonly<Record<string, readonly Parameter[]>>;

export const pretty = query('pretty', 'string', 'With the value true, the answer is indented.');

export const nameParameter = (kind: string): Parameter => ({
  name: 'name',
  in: 'path',
  type: 'string',
  description: `name of the ${kind}`,
});

export const namespaceParameter: Parameter = {
  name: 'namespace',
  in: 'path',
  type: 'string',
  description: 'object name and auth scope, such as for teams and projects',
};
