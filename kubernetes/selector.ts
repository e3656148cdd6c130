import { readLabelSelector, Unreadable } from './label-selector-parser.ts';
import { maximumSelectorRequirements } from './limits.ts';
import { cut } from './shown-value.ts';

/** Every label of `matchLabels` and every expression must fit; one that says nothing fits all. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly LabelSelectorRequirement[] | undefined;
}

export interface LabelSelectorRequirement {
  readonly key: string;
  /** In, NotIn, Exists or DoesNotExist; in the `labelSelector` parameter of a request also Gt and Lt. */
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

type Labels = Readonly<Record<string, string>>;

const valueOf = (labels: Labels, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/** Whether the labels fit. An operator that does not exist fits nothing. */
export function matchesLabels(selector: LabelSelector, labels: Labels | undefined): boolean {
  const present = labels ?? {};
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => valueOf(present, key) === value) &&
    (selector.matchExpressions ?? []).every((each) => fits(each, valueOf(present, each.key)))
  );
}

/** Whether a label's value fits. As in Kubernetes, an absent label is in no set, and so outside of all. */
function fits({ operator, values = [] }: LabelSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return isInteger(value) && BigInt(value) > BigInt(values[0] ?? '0');
    case 'Lt':
      return isInteger(value) && BigInt(value) < BigInt(values[0] ?? '0');
    default:
      return false;
  }
}

const isInteger = (text: string | undefined): text is string => text !== undefined && /^-?[0-9]+$/.test(text);

/** A selector as text, keys in order: `app=web,!old,tier in (a,b)`; '' when it selects everything. */
export function formatLabelSelector(selector: LabelSelector): string {
  const equals = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }));
  const expressions = (selector.matchExpressions ?? []).map((each) => ({
    key: each.key,
    text: formatExpression(each),
  }));
  return [...equals, ...expressions]
    .toSorted((a, b) => (a.key === b.key ? 0 : a.key < b.key ? -1 : 1))
    .map((each) => each.text)
    .join(',');
}

function formatExpression({ key, operator, values = [] }: LabelSelectorRequirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`;
}

/**
 * The `labelSelector` parameter of a request: `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>1,m<2`. Grammar and texts are
 * those of apimachinery's `labels.Parse`.
 */
export function parseLabelSelector(text: string): Parsed<(labels: Labels) => boolean> {
  try {
    const requirements = readLabelSelector(text);
    if (requirements.length > maximumSelectorRequirements) return tooMany(requirements.length);
    return { ok: true, value: (labels) => requirements.every((each) => fits(each, valueOf(labels, each.key))) };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, message: error.message };
    throw error;
  }
}

const tooMany = (count: number) =>
  ({
    ok: false,
    message: `a selector has ${count} requirements, the limit is ${maximumSelectorRequirements}`,
  }) as const;

/** One comparison of a `fieldSelector`; all of them must hold. */
export interface FieldRequirement {
  /** `metadata.name` */
  readonly path: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Up to the next comma; a backslash takes the meaning from what follows it. */
const term = /(?:\\.|\\$|[^\\,])+/gsu;
const comparison = /^(.*?)(!=|==|=)(.*)$/su;

/**
 * The `fieldSelector` parameter of a request: `metadata.name=web,status.phase!=Running`; values may be empty, and hold
 * `\,`, `\=` and `\\`. Texts are those of apimachinery's `fields.ParseSelector`. Which paths there are, the kind says.
 */
export function parseFieldSelector(text: string): Parsed<readonly FieldRequirement[]> {
  const requirements: FieldRequirement[] = [];
  const parts = text.match(term) ?? [];
  if (parts.length > maximumSelectorRequirements) return tooMany(parts.length);
  for (const part of parts.sort()) {
    const [, path, operator, escaped] = comparison.exec(part) ?? [];
    if (path === undefined || escaped === undefined) {
      return { ok: false, message: `invalid selector: '${cut(text)}'; can't understand '${cut(part)}'` };
    }
    const value = unescaped(escaped);
    if (!value.ok) return value;
    requirements.push({ path, operator: operator === '!=' ? '!=' : '=', value: value.value });
  }
  return { ok: true, value: requirements };
}

function unescaped(text: string): Parsed<string> {
  const invalid = (problem: string) => ({ ok: false, message: `invalid field selector: ${problem}` }) as const;
  let value = '';
  for (const [piece] of text.matchAll(/\\?./gsu)) {
    // Go prints the character as the number it is.
    if (piece === '=') return invalid('unescaped character in value: 61');
    if (piece.startsWith('\\') && !/^\\[\\,=]$/.test(piece)) return invalid(`invalid escape sequence: ${piece}`);
    value += piece.replace('\\', '');
  }
  return { ok: true, value };
}
