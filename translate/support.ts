import { isDecision, Whole, type Decision, type SupportTree } from './support/decision.ts';
import { podSupport } from './support/pod.ts';
import type { Finding } from './plan.ts';

/**
 * What Skiff does with each field of a pod spec: the table behind warnings and refusals, and behind the documentation.
 * test/translate/support.test.ts holds it against the schema: no field without an entry, no entry without a field.
 */
export interface SupportEntry {
  /** `containers[].env[].value` */
  readonly path: string;
  readonly decision: Decision;
}

type Node = Decision | Whole | SupportTree;

const join = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

function leaves(node: Node, path: string): readonly SupportEntry[] {
  if (node instanceof Whole) return leaves(node.fields, path);
  if (isDecision(node)) return [{ path, decision: node }];
  return Object.entries(node).flatMap(([field, child]) => leaves(child, join(path, field)));
}

/** Every leaf of the pod spec with what is done with it. */
export const supportEntries = (): readonly SupportEntry[] => leaves(podSupport, '');

export interface SupportFindings {
  readonly warnings: readonly Finding[];
  readonly refused: readonly Finding[];
}

/**
 * What the table has to say of a pod spec. `path` is where the spec stands, `spec.template.spec`. Fields that Kubernetes
 * fills in are never told of.
 */
export function supportFindings(spec: object, path: string): SupportFindings {
  const found: (Finding & { readonly support: Decision['support'] })[] = [];
  const tell = (decision: Decision, at: string): void => {
    if (decision.support !== 'honoured') found.push({ path: at, message: decision.reason, support: decision.support });
  };
  walk(podSupport, spec, { path, tell });
  const of = (support: Decision['support']): readonly Finding[] =>
    found.filter((finding) => finding.support === support).map(({ path: at, message }) => ({ path: at, message }));
  return { warnings: of('warned'), refused: of('refused') };
}

interface Place {
  readonly path: string;
  readonly tell: (decision: Decision, path: string) => void;
}

function walk(node: Node, value: unknown, place: Place): void {
  if (value === undefined || value === null) return;
  if (node instanceof Whole) return place.tell(node.decision, place.path);
  if (isDecision(node)) return decide(node, value, place);
  for (const [field, child] of Object.entries(node)) {
    const name = field.endsWith('[]') ? field.slice(0, -2) : field;
    const inside: unknown = Reflect.get(Object(value), name);
    const path = join(place.path, name);
    if (name === field) walk(child, inside, { ...place, path });
    else if (Array.isArray(inside)) {
      inside.forEach((item: unknown, index) => walk(child, item, { ...place, path: `${path}[${index}]` }));
    }
  }
}

function decide(decision: Decision, value: unknown, { path, tell }: Place): void {
  if (decision.conditional || decision.unless.includes(value)) return;
  const { otherKeys } = decision;
  if (otherKeys === undefined) return tell(decision, path);
  for (const key of Object.keys(Object(value))) {
    if (!otherKeys.known.includes(key)) tell(otherKeys.decision, `${path}[${key}]`);
  }
}
