import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { NotEmulatedError } from '../not-emulated-error.ts';
import { validationError } from './errors.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

export const maximumItemBytes = 400 * 1024;

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** The size of an item as DynamoDB counts it: names and values; a number takes a byte for two digits, and one. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytesOf(name) + valueBytes(value), 0);

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return bytesOf(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return value.B.length;
  throw new NotEmulatedError(`attributes of type ${Object.keys(value).join()}`);
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The primary key of an item, or a key by itself; throws as DynamoDB does when it is none. */
export function keyOf(item: Item | undefined): Key {
  return { pk: keyAttribute(item, 'pk', 2048), sk: keyAttribute(item, 'sk', 1024) };
}

/** The same, of something that is nothing but a key. */
export function onlyKeyOf(item: Item | undefined): Key {
  if (Object.keys(item ?? {}).length !== 2) throw validationError('The provided key element does not match the schema');
  return keyOf(item);
}

function keyAttribute(item: Item | undefined, name: 'pk' | 'sk', limit: number): string {
  const value = item?.[name]?.S;
  if (value === undefined) throw validationError('The provided key element does not match the schema');
  if (value === '') {
    throw validationError(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
    );
  }
  if (bytesOf(value) > limit) {
    throw validationError(
      `One or more parameter values were invalid: Size of ${name === 'pk' ? 'hashkey' : 'rangekey'} has exceeded the maximum size limit of ${limit} bytes`,
    );
  }
  return value;
}

/** Throws when an item is larger than DynamoDB takes. */
export function checkSize(item: Item): void {
  if (itemBytes(item) > maximumItemBytes) throw validationError('Item size has exceeded the maximum allowed size');
}
