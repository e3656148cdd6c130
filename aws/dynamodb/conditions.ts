import { number, type Item } from './attributes.ts';

/** The part of a write that says when it may happen. */
export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Item;
}

export const ifAbsent: Condition = { ConditionExpression: 'attribute_not_exists(pk)' };

export const ifPresent: Condition = { ConditionExpression: 'attribute_exists(pk)' };

/** The item is as it was read. */
export const ifRevision = (revision: number | undefined): Condition =>
  revision === undefined
    ? ifAbsent
    : {
        ConditionExpression: 'revision = :revision',
        ExpressionAttributeValues: { ':revision': number(revision) },
      };

/** The item holds no larger revision. */
export const ifNotNewer = (revision: number): Condition => ({
  ConditionExpression: 'attribute_not_exists(pk) OR revision <= :revision',
  ExpressionAttributeValues: { ':revision': number(revision) },
});

/** The item is there and holds a smaller revision. */
export const ifOlder = (revision: number): Condition => ({
  ConditionExpression: 'revision < :revision',
  ExpressionAttributeValues: { ':revision': number(revision) },
});
