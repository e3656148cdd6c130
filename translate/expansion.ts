/**
 * Expands `$(NAME)` as a kubelet does (k8s.io/kubernetes/third_party/forked/golang/expansion): `$$` is one `$`, a name
 * that `values` lacks stays as it is written, and so does an opening that is never closed.
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  let expanded = '';
  let position = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', position)) {
    expanded += text.slice(position, dollar);
    const read = readReference(text, dollar + 1, values);
    expanded += read.text;
    position = read.end;
  }
  return expanded + text.slice(position);
}

/** What stands for the `$` before `start`, and where the rest goes on. */
function readReference(
  text: string,
  start: number,
  values: ReadonlyMap<string, string>,
): { readonly text: string; readonly end: number } {
  const next = text[start];
  if (next === undefined) return { text: '$', end: start };
  if (next === '$') return { text: '$', end: start + 1 };
  const close = text.indexOf(')', start);
  if (next !== '(' || close === -1) return { text: `$${next}`, end: start + 1 };
  const name = text.slice(start + 1, close);
  return { text: values.get(name) ?? `$(${name})`, end: close + 1 };
}
