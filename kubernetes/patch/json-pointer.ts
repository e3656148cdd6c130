/** The segments of a JSON pointer (RFC 6901): `/metadata/labels/a~1b` -> `metadata`, `labels`, `a/b`; `undefined` if it is none. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}
