/** What Skiff does with a field. */
export interface Decision {
  readonly support: 'honoured' | 'warned' | 'refused';
  /** Always there when the field is warned about or refused; else what is worth knowing. */
  readonly reason: string;
  /** Values that are honoured all the same, most of them what Kubernetes fills in. */
  readonly unless: readonly unknown[];
  /** For maps: what becomes of the keys that are not among `known`, which the decision itself is for. */
  readonly otherKeys: { readonly known: readonly string[]; readonly decision: Decision } | undefined;
  /** It depends on more than this field's value: the translation says when, not the walk over the spec. */
  readonly conditional: boolean;
}

type Details = Partial<Pick<Decision, 'unless' | 'otherKeys' | 'conditional'>>;

const decision = (support: Decision['support'], reason: string, details: Details = {}): Decision => ({
  support,
  reason,
  unless: [],
  otherKeys: undefined,
  conditional: false,
  ...details,
});

/** Done as Kubernetes does it. A golden under test/fixtures/translate names each such path. */
export const honoured = (reason = '', details: Pick<Details, 'otherKeys'> = {}): Decision =>
  decision('honoured', reason, details);
/** The pod runs, but not quite as it says: told in a `Warning:` header. */
export const warned = (reason: string, details?: Details): Decision => decision('warned', reason, details);
/** The pod could not do its work without it: a 422 that names the path. */
export const refused = (reason: string, details?: Details): Decision => decision('refused', reason, details);

/** A structure that is decided on as a whole: one finding at its own path, however many of its fields are set. */
export class Whole {
  readonly decision: Decision;
  readonly fields: SupportTree;

  constructor(decided: Decision, fields: SupportTree) {
    this.decision = decided;
    this.fields = fields;
  }
}

/** Decisions by field; the name of a list ends in `[]`. */
export interface SupportTree {
  readonly [field: string]: Decision | Whole | SupportTree;
}

/** A structure decided on as a whole; its leaves are listed, separated by blanks: `path secretRef.name`. */
export const whole = (decided: Decision, leaves: string, under: Readonly<Record<string, string>> = {}): Whole =>
  new Whole(
    decided,
    Object.fromEntries(
      [
        ...leaves.split(/\s+/).filter((leaf) => leaf !== ''),
        ...Object.entries(under).flatMap(([prefix, names]) => names.split(/\s+/).map((name) => `${prefix}.${name}`)),
      ].map((leaf) => [leaf, decided]),
    ),
  );

export const isDecision = (node: Decision | Whole | SupportTree): node is Decision =>
  !(node instanceof Whole) && typeof node['support'] === 'string';
