import { expand } from './expansion.ts';

/** Characters that may be written into variables, those that others overwrite too; ECS takes 64 KB in the end. */
const mostCharacters = 1024 * 1024;

/** The variables of a container while they are gathered, and which of them tell something of a Secret. */
export class Variables {
  readonly values = new Map<string, string>();
  /** By name: the uids of the Secrets that a value is made of. */
  private readonly secrets = new Map<string, readonly string[]>();
  private left = mostCharacters;

  /** `madeOf`: uids of Secrets; empty for what everybody may read. A name that is taken gets the new value. */
  set(name: string, value: string, madeOf: readonly string[] = []): void {
    this.passOver(name, value);
    if (this.areTooMany) return;
    this.values.set(name, value);
    if (madeOf.length === 0) this.secrets.delete(name);
    else this.secrets.set(name, madeOf);
  }

  /** Sets a variable to a text with `$(NAME)` expanded; it is secret when one of those is. */
  setExpanded(name: string, text: string): void {
    const madeOf = new Set<string>();
    const get = (reference: string): string | undefined => {
      for (const uid of this.secrets.get(reference) ?? []) madeOf.add(uid);
      return this.values.get(reference);
    };
    this.set(name, expand(text, { get }), [...madeOf]);
  }

  /** Whether a text with `$(NAME)` expanded has something secret in it. */
  tells(text: string): boolean {
    let found = false;
    const get = (reference: string): undefined => {
      found ||= this.secrets.has(reference);
    };
    if (this.secrets.size > 0) expand(text, { get }, Infinity);
    return found;
  }

  /** What is looked at costs as much as what is kept. */
  passOver(name: string, value: string): void {
    this.left -= name.length + value.length + 1;
  }

  /** Whether there are more than can be of use: those that come then are not kept. */
  get areTooMany(): boolean {
    return this.left < 0;
  }

  /** Whether a variable has to be kept out of sight. Nothing is secret about an empty one. */
  isHidden(name: string): boolean {
    return this.secrets.has(name) && this.values.get(name) !== '';
  }

  get madeOf(): readonly string[] {
    return [...new Set([...this.secrets.values()].flat())].toSorted();
  }
}
