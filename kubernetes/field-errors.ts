/** One reason why an object is invalid, as a cause of a 422 Status. */
export interface FieldError {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueNotFound'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid';
  /** `spec.template.spec.containers[0].name` */
  readonly field: string;
  /** The text without the path: `Invalid value: "x": must be …`. */
  readonly message: string;
}

/** A value that an error shows as Go prints it, where JSON would be something else: `v1.LabelSelector{…}`. */
export interface GoSyntax {
  readonly goSyntax: string;
}

const isGoSyntax = (value: object): value is GoSyntax => 'goSyntax' in value;

/** A value as Go's `%#v` in field errors shows it: `"a"`, `[]string{"a"}`, `map[string]string{"a":"b"}`; the rest as JSON. */
function show(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (isGoSyntax(value)) return value.goSyntax;
  const isText = (each: unknown): each is string => typeof each === 'string';
  if (Array.isArray(value)) return value.every(isText) ? `[]string{${quoted(value)}}` : JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (!entries.every(([, each]) => isText(each))) return JSON.stringify(value);
  return `map[string]string{${entries.map(([key, each]) => `${JSON.stringify(key)}:${JSON.stringify(each)}`).join(', ')}}`;
}

const quoted = (texts: readonly string[]): string => texts.map((each) => JSON.stringify(each)).join(', ');

const withDetail = (text: string, detail?: string): string => (detail ? `${text}: ${detail}` : text);

export const required = (field: string, detail?: string): FieldError => ({
  reason: 'FieldValueRequired',
  field,
  message: withDetail('Required value', detail),
});
export const invalid = (field: string, value: unknown, detail: string): FieldError => ({
  reason: 'FieldValueInvalid',
  field,
  message: withDetail(`Invalid value: ${show(value)}`, detail),
});
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  reason: 'FieldValueNotSupported',
  field,
  message: `Unsupported value: ${show(value)}: supported values: ${quoted(supported)}`,
});
export const duplicate = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueDuplicate',
  field,
  message: `Duplicate value: ${show(value)}`,
});
export const forbidden = (field: string, detail: string): FieldError => ({
  reason: 'FieldValueForbidden',
  field,
  message: withDetail('Forbidden', detail),
});
export const tooMany = (field: string, count: number, maximum: number): FieldError => ({
  reason: 'FieldValueTooMany',
  field,
  message: `Too many: ${count}: must have at most ${maximum} items`,
});
export const notFound = (field: string, value: unknown): FieldError => ({
  reason: 'FieldValueNotFound',
  field,
  message: `Not found: ${show(value)}`,
});
export const tooLong = (field: string, maximumBytes: number): FieldError => ({
  reason: 'FieldValueTooLong',
  field,
  message: `Too long: may not be more than ${maximumBytes} bytes`,
});

/** The path of an item: `ports[0]`, or of a map's entry: `data[key]`. */
export const at = (path: string, index: number | string): string => `${path}[${index}]`;

/** The path of a field: `spec.replicas`; a root of '' gives `spec`. */
export const under = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);
