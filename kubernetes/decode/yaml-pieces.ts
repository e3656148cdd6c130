/** A document of a YAML text, as far as can be told without parsing. */
export interface YamlPiece {
  readonly text: string;
  /** Of the whole text, from 1. */
  readonly firstLine: number;
}

/**
 * Cuts a YAML text before each line `---`, as kubectl does, so that its documents can be parsed one by one. What stands
 * before a document without being one (comments, directives) stays with it.
 */
export function* yamlPieces(text: string): Generator<YamlPiece> {
  let [start, firstLine, hasContent] = [0, 1, false];
  let line = 0;
  for (let position = 0; position < text.length;) {
    const feed = text.indexOf('\n', position);
    const end = feed === -1 ? text.length : feed + 1;
    line += 1;
    const separates = isSeparator(text, position);
    if (separates && hasContent) {
      yield { text: text.slice(start, position), firstLine };
      [start, firstLine] = [position, line];
    }
    hasContent ||= separates || isContent(text.slice(position, end));
    position = end;
  }
  yield { text: text.slice(start), firstLine };
}

const isSeparator = (text: string, position: number): boolean =>
  text.startsWith('---', position) && (text.length === position + 3 || ' \t\r\n'.includes(text.charAt(position + 3)));

const isContent = (line: string): boolean =>
  line.trim() !== '' && !line.startsWith('%') && !line.trimStart().startsWith('#');
