import { NotEmulatedError } from '../not-emulated-error.ts';
import { validationError } from './errors.ts';
import type { Item } from './item.ts';

/**
 * The expressions that aws/dynamodb sends, each with its meaning. DynamoDB's grammar is not emulated: another expression
 * is refused, even one that means the same.
 */

type Values = (name: string) => number;

interface Meaning<Result> {
  readonly values: readonly string[];
  readonly evaluate: (item: Item | undefined, value: Values) => Result;
}

const revisionOf = (item: Item | undefined): number | undefined =>
  item?.['revision']?.N === undefined ? undefined : Number(item['revision'].N);

/** A comparison with an attribute that is not there is false, whatever it says. */
const compared = (item: Item | undefined, holds: (revision: number) => boolean): boolean => {
  const revision = revisionOf(item);
  return revision !== undefined && holds(revision);
};

const conditions: Readonly<Record<string, Meaning<boolean>>> = {
  'attribute_not_exists(pk)': { values: [], evaluate: (item) => item === undefined },
  'attribute_exists(pk)': { values: [], evaluate: (item) => item !== undefined },
  'revision = :revision': {
    values: [':revision'],
    evaluate: (item, value) => compared(item, (revision) => revision === value(':revision')),
  },
  'revision < :revision': {
    values: [':revision'],
    evaluate: (item, value) => compared(item, (revision) => revision < value(':revision')),
  },
  'attribute_not_exists(pk) OR revision <= :revision': {
    values: [':revision'],
    evaluate: (item, value) => item === undefined || compared(item, (revision) => revision <= value(':revision')),
  },
};

/** What an update changes: the new attributes. */
const updates: Readonly<Record<string, Meaning<Item>>> = {
  'ADD revision :count': {
    values: [':count'],
    evaluate: (item, value) => ({ revision: { N: String((revisionOf(item) ?? 0) + value(':count')) } }),
  },
  'SET expires = :expires': {
    values: [':expires'],
    evaluate: (_item, value) => ({ expires: { N: String(value(':expires')) } }),
  },
};

export interface Expressions {
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeValues?: Item | undefined;
  readonly ExpressionAttributeNames?: unknown;
}

/** What the expressions of one write mean. Throws as DynamoDB does when values are missing or left over. */
export function meaningOf(input: Expressions): {
  readonly holds: (item: Item | undefined) => boolean;
  readonly changes: (item: Item | undefined) => Item;
} {
  if (input.ExpressionAttributeNames !== undefined) throw new NotEmulatedError('names in expressions');
  const condition = find(conditions, 'ConditionExpression', input.ConditionExpression);
  const update = find(updates, 'UpdateExpression', input.UpdateExpression);
  checkValues([...(condition?.values ?? []), ...(update?.values ?? [])], input.ExpressionAttributeValues ?? {});
  const value: Values = (name) => Number(input.ExpressionAttributeValues?.[name]?.N);
  return {
    holds: (item) => condition?.evaluate(item, value) ?? true,
    changes: (item) => update?.evaluate(item, value) ?? {},
  };
}

function find<Result>(
  table: Readonly<Record<string, Meaning<Result>>>,
  parameter: string,
  expression: string | undefined,
): Meaning<Result> | undefined {
  if (expression === undefined) return undefined;
  if (!Object.hasOwn(table, expression)) throw new NotEmulatedError(`the ${parameter} ${JSON.stringify(expression)}`);
  return table[expression];
}

function checkValues(used: readonly string[], given: Item): void {
  const missing = used.find((name) => given[name] === undefined);
  if (missing !== undefined) {
    throw validationError(
      `Invalid expression: An expression attribute value used in expression is not defined; attribute value: ${missing}`,
    );
  }
  const unused = Object.keys(given).filter((name) => !used.includes(name));
  if (unused.length > 0) {
    throw validationError(
      `Value provided in ExpressionAttributeValues unused in expressions: keys: {${unused.join()}}`,
    );
  }
}

/** The one form of query. */
const rangeExpression = 'pk = :pk AND sk BETWEEN :from AND :to';

/** What a query asks for. */
export function rangeOf(
  expression: string | undefined,
  values: Item = {},
): { readonly pk: string; readonly from: string; readonly to: string } {
  if (expression !== rangeExpression)
    throw new NotEmulatedError(`the KeyConditionExpression ${JSON.stringify(expression)}`);
  checkValues([':pk', ':from', ':to'], values);
  const [pk, from, to] = [':pk', ':from', ':to'].map((name) => values[name]?.S ?? '');
  if (pk === undefined || from === undefined || to === undefined || [pk, from, to].includes('')) {
    throw validationError('One or more parameter values are not valid: a key is a string that is not empty');
  }
  if (Buffer.compare(Buffer.from(from), Buffer.from(to)) > 0) {
    throw validationError(
      'Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound',
    );
  }
  return { pk, from, to };
}
