import { maximumBodyBytes } from '../limits.ts';
import { requestTooLarge } from '../status-error.ts';
import { UnreadableBody } from './unreadable-body.ts';

/** What all texts of one body have become so far. */
export interface Expanded {
  characters: number;
}

/**
 * The documents of a text in which each alias stands for a copy of its own. Refuses documents that would grow beyond what
 * a body without aliases can hold ("billion laughs", or one long text many times), and one that holds itself; the size is
 * known before anything is copied.
 */
export function expandAliases(documents: readonly unknown[], maximum: number, expanded: Expanded): readonly unknown[] {
  const size = new Measure().of(documents);
  if (size.values > maximum)
    throw new UnreadableBody('error converting YAML to JSON: yaml: document contains excessive aliasing');
  expanded.characters += size.characters;
  if (expanded.characters > maximumBodyBytes) throw requestTooLarge(maximumBodyBytes);
  return documents.map(copy);
}

/** What a value is when its aliases are written out. */
interface Size {
  readonly values: number;
  /** Of keys and texts. */
  readonly characters: number;
}

/** Looks once at what many aliases stand for. */
class Measure {
  readonly #known = new Map<object, Size>();
  readonly #open = new Set<object>();

  of(value: unknown): Size {
    if (typeof value === 'string') return { values: 1, characters: value.length };
    if (typeof value !== 'object' || value === null) return { values: 1, characters: 0 };
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    if (this.#open.has(value))
      throw new UnreadableBody('error converting YAML to JSON: yaml: anchor value contains itself');
    this.#open.add(value);
    const size = this.#ofParts(value);
    this.#open.delete(value);
    this.#known.set(value, size);
    return size;
  }

  #ofParts(value: object): Size {
    let values = 1;
    let characters = 0;
    for (const [key, item] of Object.entries(value)) {
      const size = this.of(item);
      values += size.values;
      characters += size.characters + (Array.isArray(value) ? 0 : key.length);
    }
    return { values, characters };
  }
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
