import { labelValueProblems, qualifiedNameProblems } from './label.ts';
import type { LabelSelectorRequirement } from './selector.ts';
import { maximumCauseCharacters } from './limits.ts';
import { cut, quoted } from './shown-value.ts';

/** The text is no label selector; the message is apimachinery's. */
export class Unreadable extends Error {}

/** The requirements of a label selector in text form. Throws Unreadable. */
export const readLabelSelector = (text: string): readonly LabelSelectorRequirement[] =>
  new Parser(tokensOf(text)).requirements();

interface Token {
  /** A symbol or keyword is its own type. */
  readonly type: string;
  readonly text: string;
}

const end: Token = { type: 'end', text: '' };

const tokensOf = (text: string): readonly Token[] =>
  (text.match(/==|!=|[=!(),><]|[^=!(),>< \t\r\n]+/g) ?? []).map((word) => ({
    type: /^([=!(),><]+|in|notin)$/.test(word) ? word : 'identifier',
    text: word,
  }));

const operators: ReadonlyMap<string, string> = new Map([
  ['in', 'In'],
  ['notin', 'NotIn'],
  ['=', 'In'],
  ['==', 'In'],
  ['!=', 'NotIn'],
  ['>', 'Gt'],
  ['<', 'Lt'],
]);

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  requirements(): readonly LabelSelectorRequirement[] {
    const requirements: LabelSelectorRequirement[] = [];
    for (;;) {
      const next = this.#peek();
      if (next.type === 'end') return requirements;
      if (!startsRequirement(next)) {
        throw new Unreadable(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      }
      requirements.push(this.#requirement());
      const after = this.#take();
      if (after.type === 'end') return requirements;
      if (after.type !== ',') throw new Unreadable(`found '${after.text}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!startsRequirement(following)) {
        throw new Unreadable(`found '${following.text}', expected: identifier after ','`);
      }
    }
  }

  #requirement(): LabelSelectorRequirement {
    const absent = this.#peek().type === '!';
    if (absent) this.#take();
    const { type, text: key } = this.#take();
    if (type !== 'identifier') throw unreadable(`found '${key}', expected: identifier`);
    const problems = qualifiedNameProblems(key);
    // There is no field to name here, and so Go prints the path as <nil>.
    if (problems.length > 0) throw unreadable(`<nil>: Invalid value: ${quoted(key)}: ${problems.join('; ')}`);
    if (absent) return { key, operator: 'DoesNotExist' };
    const next = this.#peek();
    if (next.type === 'end' || next.type === ',') return { key, operator: 'Exists' };
    const symbol = this.#takeOperator();
    const operator = operators.get(symbol.type);
    if (operator === undefined) throw unreadable(`found '${symbol.text}', expected: in, notin, =, ==, !=, gt, lt`);
    return checked({ key, operator, values: symbol.type.endsWith('in') ? this.#set() : [this.#value()] });
  }

  /** `(a,b)`, sorted, each once; a place without a value holds the empty one. */
  #set(): readonly string[] {
    const open = this.#take();
    if (open.type !== '(') throw unreadable(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (!['identifier', ',', ')'].includes(first.type)) {
      throw unreadable(`found '${first.text}', expected: ',', ')' or identifier`);
    }
    const values = new Set<string>();
    for (;;) {
      const given = this.#peek().type === 'identifier';
      values.add(given ? this.#take().text : '');
      const after = this.#take();
      if (after.type === ')') return [...values].sort();
      if (after.type === ',') continue;
      throw unreadable(`found '${after.text}', expected: ${given ? "',' or ')'" : "',', or identifier"}`);
    }
  }

  #value(): string {
    const next = this.#peek();
    if (next.type === 'end' || next.type === ',') return '';
    const { type, text } = this.#take();
    if (type !== 'identifier') throw unreadable(`found '${text}', expected: identifier`);
    return text;
  }

  /** The next token where a key or a value may stand: there `in` and `notin` are words like others. */
  #peek(): Token {
    const token = this.#tokens[this.#position] ?? end;
    return token.type === 'in' || token.type === 'notin' ? { type: 'identifier', text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }

  #takeOperator(): Token {
    const token = this.#tokens[this.#position] ?? end;
    this.#position += 1;
    return token;
  }
}

const startsRequirement = (token: Token): boolean => token.type === 'identifier' || token.type === '!';

const unreadable = (problem: string): Unreadable =>
  new Unreadable(`unable to parse requirement: ${cut(problem, maximumCauseCharacters)}`);

/** Refuses values that no label can have, and bounds that are no integers. */
function checked(requirement: LabelSelectorRequirement): LabelSelectorRequirement {
  const { key, operator, values = [] } = requirement;
  const bound = operator === 'Gt' || operator === 'Lt';
  const problems = values.flatMap((value, index) => {
    const path = `values[${index}]`;
    const shown = `Invalid value: ${quoted(value)}`;
    const unfit = labelValueProblems(value);
    return [
      ...(bound && !/^-?[0-9]+$/.test(value)
        ? [`${path}: ${shown}: for 'Gt', 'Lt' operators, the value must be an integer`]
        : []),
      ...(unfit.length > 0 ? [`${path}[${key}]: ${shown}: ${unfit.join('; ')}`] : []),
    ];
  });
  if (problems.length === 0) return requirement;
  throw unreadable(problems.length === 1 ? problems.join('') : `[${problems.join(', ')}]`);
}
