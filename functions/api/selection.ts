import type { Kind } from '../../kubernetes/kind.ts';
import type { KubernetesObject } from '../../kubernetes/object.ts';
import { parseFieldSelector, parseLabelSelector, type FieldRequirement } from '../../kubernetes/selector.ts';
import { cut, quoted } from '../../kubernetes/shown-value.ts';
import { badRequest } from '../../kubernetes/status-error.ts';
import type { StoredObject } from '../../kubernetes/store/store.ts';

export type Selection = (object: StoredObject) => boolean;

/** What labelSelector and fieldSelector choose; undefined when they choose everything. Throws StatusError 400. */
export function selectionOf(kind: Kind, query: URLSearchParams): Selection | undefined {
  const labels = labelSelection(query.get('labelSelector') ?? '');
  const fields = fieldSelection(kind, query.get('fieldSelector') ?? '');
  if (labels === undefined || fields === undefined) return labels ?? fields;
  return (object) => labels(object) && fields(object);
}

function labelSelection(text: string): Selection | undefined {
  if (text === '') return undefined;
  const parsed = parseLabelSelector(text);
  if (!parsed.ok) throw badRequest(parsed.message);
  return ({ labels }) => parsed.value(labels);
}

function fieldSelection(kind: Kind, text: string): Selection | undefined {
  const parsed = parseFieldSelector(text);
  if (!parsed.ok) throw badRequest(parsed.message);
  if (parsed.value.length === 0) return undefined;
  const tests = parsed.value.map((requirement) => fieldTest(kind, requirement));
  return (object) => {
    let read: KubernetesObject | undefined;
    const parsedOnce = (): KubernetesObject => (read ??= object.parse());
    return tests.every((test) => test(object, parsedOnce));
  };
}

/** Asked with the object read, once for all of its fields. */
type FieldTest = (object: StoredObject, parsed: () => KubernetesObject) => boolean;

/** Names are in the key; other fields are read from the object. */
function fieldTest(kind: Kind, { path, operator, value }: FieldRequirement): FieldTest {
  const wanted = operator === '=';
  if (path === 'metadata.name') return ({ key }) => (key.name === value) === wanted;
  if (path === 'metadata.namespace') return ({ key }) => (key.namespace === value) === wanted;
  const field = kind.selectableFields.find((each) => each.path === path);
  if (field === undefined) throw badRequest(unknownField(kind, path));
  return (_object, parsed) => (field.value(parsed()) === value) === wanted;
}

const unknownField = (kind: Kind, path: string): string =>
  kind.selectableFields.length > 0
    ? `field label not supported: ${cut(path)}`
    : `${quoted(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
