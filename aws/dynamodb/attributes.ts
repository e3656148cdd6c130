import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { ItemKey } from './layout.ts';

export type Item = Record<string, AttributeValue>;

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const bytes = (value: Uint8Array): AttributeValue => ({ B: value });

export const keyItem = ({ pk, sk }: ItemKey): Item => ({ pk: text(pk), sk: text(sk) });

/** Throws when the attribute is not there: every item is ours. */
export function textOf(item: Item, name: string): string {
  const value = item[name]?.S;
  if (value === undefined) throw unreadable(item, name);
  return value;
}

export function numberOf(item: Item, name: string): number {
  const value = item[name]?.N;
  if (value === undefined) throw unreadable(item, name);
  return Number(value);
}

export function bytesOf(item: Item, name: string): Uint8Array {
  const value = item[name]?.B;
  if (value === undefined) throw unreadable(item, name);
  return value;
}

/** 0 when it is not there. */
export const countOf = (item: Item, name: string): number => Number(item[name]?.N ?? 0);

const unreadable = (item: Item, name: string): Error =>
  new Error(`the item ${item['pk']?.S} ${item['sk']?.S} has no ${name}`);
