import { z } from 'zod';
import { invalid, required, type FieldError } from '../../field-errors.ts';
import { checked } from '../../field-rules.ts';
import { defineKind, type SelectableField } from '../../kind.ts';
import { qualifiedNameProblems } from '../../label.ts';
import { pathSegmentProblems, subdomainProblems } from '../../names.ts';
import { objectMeta } from '../../object-meta.ts';
import { objectReference } from '../../object-reference.ts';
import { once } from '../../once.ts';
import { int32, microTime, struct, time } from '../../schema.ts';
import { nameColumn, since, type Column } from '../../table.ts';

const core = 'io.k8s.api.core.v1';

const schema = once(() =>
  struct(`${core}.Event`, {
    kind: z.literal('Event'),
    apiVersion: z.literal('v1'),
    metadata: objectMeta(),
    involvedObject: objectReference(),
    reason: z.string().optional(),
    message: z.string().optional(),
    source: struct(`${core}.EventSource`, {
      component: z.string().optional(),
      host: z.string().optional(),
    }).optional(),
    firstTimestamp: time().nullable().optional(),
    lastTimestamp: time().nullable().optional(),
    count: int32().optional(),
    type: z.string().optional(),
    eventTime: microTime().nullable().optional(),
    series: struct(`${core}.EventSeries`, {
      count: int32().optional(),
      lastObservedTime: microTime().optional(),
    }).optional(),
    action: z.string().optional(),
    related: objectReference().optional(),
    reportingComponent: z.string().optional(),
    reportingInstance: z.string().optional(),
  }),
);

export type Event = z.infer<ReturnType<typeof schema>>;

/** What a kube-apiserver always prints, set or not. */
function defaults(object: Event): void {
  object.source ??= {};
  object.firstTimestamp ??= null;
  object.lastTimestamp ??= null;
  object.eventTime ??= null;
  object.reportingComponent ??= '';
  object.reportingInstance ??= '';
}

/** Events about objects without a namespace live in one of these. */
const clusterNamespaces: readonly (string | undefined)[] = ['', undefined, 'default', 'kube-system'];

function validate(object: Event): FieldError[] {
  const { namespace = '' } = object.metadata;
  const about = object.involvedObject.namespace ?? '';
  const agrees = about === '' ? clusterNamespaces.includes(namespace) : about === namespace;
  return [
    ...(agrees ? [] : [invalid('involvedObject.namespace', about, 'does not match event.namespace')]),
    ...(object.eventTime ? validateNewStyle(object) : []),
    ...checked('namespace', namespace, subdomainProblems),
  ];
}

/** Events with an `eventTime` say who reports them and what was done. */
function validateNewStyle(object: Event): readonly FieldError[] {
  const { reportingComponent = '', reportingInstance = '', action = '', reason = '', message = '' } = object;
  const limited = (field: string, text: string, maximum: number): readonly FieldError[] =>
    text.length > maximum ? [invalid(field, '', `can have at most ${maximum} characters`)] : [];
  const needed = (field: string, text: string): readonly FieldError[] => (text === '' ? [required(field)] : []);
  return [
    ...needed('reportingComponent', reportingComponent),
    ...checked('reportingComponent', reportingComponent, qualifiedNameProblems),
    ...needed('reportingInstance', reportingInstance),
    ...limited('reportingInstance', reportingInstance, 128),
    ...needed('action', action),
    ...limited('action', action, 128),
    ...needed('reason', reason),
    ...limited('reason', reason, 128),
    ...limited('message', message, 1024),
  ];
}

const firstSeen = (object: Event) => object.firstTimestamp ?? object.eventTime;
const lastSeen = (object: Event) => object.series?.lastObservedTime ?? object.lastTimestamp ?? firstSeen(object);

/** `pod/web-1` */
function aboutText({ involvedObject: { kind = '', name = '' } }: Event): string {
  return name === '' ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

/** `kubelet, node-1` */
function sourceText(object: Event): string {
  const instance = object.source?.host || object.reportingInstance;
  return instance ? `${sourceComponent(object)}, ${instance}` : sourceComponent(object);
}

const sourceComponent = (object: Event): string => object.source?.component || object.reportingComponent || '';

const columns: readonly Column<Event>[] = [
  { name: 'Last Seen', cell: (object) => since(lastSeen(object)) },
  { name: 'Type', cell: ({ type = '' }) => type },
  { name: 'Reason', cell: ({ reason = '' }) => reason },
  { name: 'Object', cell: aboutText },
  { name: 'Subobject', wide: true, cell: ({ involvedObject }) => involvedObject.fieldPath ?? '' },
  { name: 'Source', wide: true, cell: sourceText },
  { name: 'Message', cell: ({ message = '' }) => message.trim() },
  { name: 'First Seen', wide: true, cell: (object) => since(firstSeen(object)) },
  { name: 'Count', wide: true, cell: ({ series, count }) => (series === undefined ? count || 1 : (series.count ?? 0)) },
  { ...nameColumn, wide: true },
];

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'] as const;

const selectableFields: readonly SelectableField<Event>[] = [
  ...involved.map((field) => ({
    path: `involvedObject.${field}`,
    value: ({ involvedObject }: Event) => involvedObject[field] ?? '',
  })),
  { path: 'reason', value: ({ reason = '' }) => reason },
  { path: 'reportingComponent', value: ({ reportingComponent = '' }) => reportingComponent },
  { path: 'source', value: sourceComponent },
  { path: 'type', value: ({ type = '' }) => type },
];

export const event = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,
  schema,
  nameProblems: pathSegmentProblems,
  defaults,
  validate,
  columns,
  selectableFields,
  createOnUpdate: true,
});
