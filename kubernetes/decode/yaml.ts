import { load, loadAll, YAMLException } from 'js-yaml';
import type { ParsedBody } from './body.ts';
import { countValues, maximumDepth } from './inspect.ts';
import { maximumValues, maximumYamlMarks } from '../limits.ts';
import { requestTooLarge } from '../status-error.ts';
import { formatPath, maximumDuplicates } from './json.ts';
import { UnreadableBody } from './unreadable-body.ts';
import { expandAliases, type Expanded } from './yaml-aliases.ts';
import { yamlSchema, type DuplicateKey } from './yaml-schema.ts';

/**
 * Parses one YAML document as sigs.k8s.io/yaml does, which is YAML 1.1: an unquoted `on` is true, `0644` is 420, and
 * timestamps are strings. Throws UnreadableBody. Unlike there, a second document is refused and not passed over.
 */
export function parseYaml(text: string): ParsedBody {
  const documents = parseYamlDocuments(text);
  if (documents.length > 1)
    throw new UnreadableBody(`error converting YAML to JSON: expected one document, found ${documents.length}`);
  return documents[0] ?? { value: null, duplicates: [] };
}

/** What a YAML text is a part of. */
export interface YamlContext {
  /** The number of its first line in the longer text. */
  readonly firstLine?: number;
  /** So many values may it have. */
  readonly maximum?: number;
  /** Of all texts of the body. */
  readonly expanded?: Expanded;
}

/** The documents of a YAML text; empty ones are left out. */
export function parseYamlDocuments(
  text: string,
  { firstLine = 1, maximum = maximumValues, expanded = { characters: 0 } }: YamlContext = {},
): readonly ParsedBody[] {
  checkMarks(text);
  const duplicates: DuplicateKey[] = [];
  const options = { schema: yamlSchema(duplicates), json: true, maxDepth: maximumDepth };
  let values: unknown[];
  try {
    values = text.includes('---') || text.includes('...') ? loadAll(text, options) : [loadOne(text, options)];
  } catch (cause) {
    throw new UnreadableBody(`error converting YAML to JSON: ${describe(cause, firstLine)}`, { cause });
  }
  const given = values.filter((value) => value !== null && value !== undefined);
  const plain = text.includes('*') ? expandAliases(given, maximum, expanded) : given;
  countValues(plain, maximum);
  return plain.map((value, index) => ({
    value,
    duplicates: duplicates.length === 0 ? [] : duplicatePaths(given[index], duplicates),
  }));
}

/** Line breaks of YAML 1.2, commas and opening brackets. */
const marks: ReadonlySet<number> = new Set([0x0a, 0x0d, 0x2c, 0x5b, 0x7b]);
const [space, dash, questionMark] = [0x20, 0x2d, 0x3f] as const;

/** What js-yaml reads cannot be interrupted: so what makes work for it is counted before. */
function checkMarks(text: string): void {
  let count = 0;
  for (let position = 0; position < text.length; position += 1) {
    const character = text.charCodeAt(position);
    if (marks.has(character)) count += 1;
    else if ((character === dash || character === questionMark) && text.charCodeAt(position + 1) === space) count += 1;
  }
  if (count > maximumYamlMarks)
    throw requestTooLarge(
      `The allowed maximum lines and separators in a YAML document is ${maximumYamlMarks}; JSON may have more`,
    );
}

/** js-yaml takes no empty text for a document. */
const loadOne = (text: string, options: Parameters<typeof load>[1]): unknown =>
  /^(?:\s|#[^\n\r]*(?:[\n\r]|$))*$/.test(text) && loadAll(text, options).length === 0 ? null : load(text, options);

function describe(cause: unknown, firstLine: number): string {
  if (!(cause instanceof YAMLException)) throw cause;
  return cause.mark === undefined
    ? `yaml: ${cause.reason}`
    : `yaml: line ${cause.mark.line + firstLine}: ${cause.reason}`;
}

/** Where in the document the mappings are that hold a key twice. */
function duplicatePaths(root: unknown, duplicates: readonly DuplicateKey[]): string[] {
  const byMapping = new Map<object, string[]>();
  for (const { mapping, key } of duplicates) byMapping.set(mapping, [...(byMapping.get(mapping) ?? []), key]);
  const paths: string[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    for (const key of byMapping.get(value) ?? []) paths.push(formatPath([...path, key]));
    if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
    else for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
  };
  visit(root, []);
  return [...new Set(paths)].slice(0, maximumDuplicates);
}
