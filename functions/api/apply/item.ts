import { maximumItemsCharacters, maximumWarningCharacters } from '../../../kubernetes/limits.ts';
import { cut } from '../../../kubernetes/shown-value.ts';
import type { Status } from '../../../kubernetes/status-error.ts';
import { boundedWarnings } from '../warning.ts';
import type { Applied } from './apply-object.ts';
import type { Names } from './manifest.ts';

/** What became of one object. */
export interface Item extends Names {
  readonly result: Applied['result'] | 'pruned' | 'failed';
  readonly warnings: readonly string[];
  readonly error?: Status;
}

/** The items as JSON. Once they are too long together, those that follow are told in short. */
export function itemTexts(items: readonly Item[]): readonly string[] {
  let left = maximumItemsCharacters;
  return items.map((item) => {
    const text = JSON.stringify({ ...withNames(item), warnings: boundedWarnings(item.warnings) });
    left -= text.length;
    return left >= 0 ? text : JSON.stringify(inShort(item));
  });
}

const withNames = (item: Item, maximum?: number): Item => ({
  ...item,
  apiVersion: cut(item.apiVersion, maximum),
  kind: cut(item.kind, maximum),
  ...(item.namespace === undefined ? {} : { namespace: cut(item.namespace, maximum) }),
  name: cut(item.name, maximum),
});

/** Without warnings and causes. */
function inShort(item: Item): Item {
  const { error, ...told } = withNames(item, maximumWarningCharacters);
  if (error === undefined) return { ...told, warnings: [] };
  const { details: _details, message = '', ...status } = error;
  return { ...told, warnings: [], error: { ...status, message: cut(message, maximumWarningCharacters) } };
}
