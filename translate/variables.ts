import { expand } from './expansion.ts';

/** The variables of a container while they are gathered, and which of them tell something of a Secret. */
export class Variables {
  readonly values = new Map<string, string>();
  /** By name: the uids of the Secrets that a value is made of. */
  private readonly secrets = new Map<string, readonly string[]>();

  /** `madeOf`: uids of Secrets; empty for what everybody may read. A name that is taken gets the new value. */
  set(name: string, value: string, madeOf: readonly string[] = []): void {
    this.values.set(name, value);
    if (madeOf.length === 0) this.secrets.delete(name);
    else this.secrets.set(name, madeOf);
  }

  /** Sets a variable to a text with `$(NAME)` expanded; it is secret when one of those is. */
  setExpanded(name: string, text: string): void {
    const value = expand(text, this.values);
    this.set(name, value, this.tells(text) ? this.madeOf : []);
  }

  /** Whether a text with `$(NAME)` expanded has something secret in it. */
  tells(text: string): boolean {
    return this.secrets.size > 0 && expand(text, this.values) !== expand(text, this.open());
  }

  /** Whether a variable has to be kept out of sight. Nothing is secret about an empty one. */
  isHidden(name: string): boolean {
    return this.secrets.has(name) && this.values.get(name) !== '';
  }

  get madeOf(): readonly string[] {
    return [...new Set([...this.secrets.values()].flat())].toSorted();
  }

  private open(): Map<string, string> {
    return new Map([...this.values].filter(([name]) => !this.secrets.has(name)));
  }
}
