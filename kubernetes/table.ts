import { formatDuration } from './duration.ts';

/** A cell that changes while its object does not, such as an age. `nowMilliseconds` is the moment of printing. */
export interface TimeCell {
  at(nowMilliseconds: number): string;
}

export type Cell = string | number | boolean | TimeCell;

/** A column of `kubectl get`, printed by the server. */
export interface Column<T> {
  readonly name: string;
  readonly type?: 'string' | 'integer' | 'boolean' | 'date';
  readonly format?: 'name';
  /** Shown with `-o wide` only (priority 1). */
  readonly wide?: boolean;
  readonly description?: string;
  cell(object: T): Cell;
}

/** What a row says of its object beside the cells: that it has finished. */
export interface RowCondition {
  readonly type: 'Completed';
  readonly status: 'True';
  readonly reason: string;
  readonly message: string;
}

/** The time since a timestamp, as kubectl prints ages: `5m`. */
export const since = (time: string | null | undefined): TimeCell => ({
  at: (now) => (time ? formatDuration(now - Date.parse(time)) : '<unknown>'),
});

interface Named {
  readonly metadata: { readonly name?: string | undefined; readonly creationTimestamp?: string | null | undefined };
}

export const nameColumn: Column<Named> = { name: 'Name', format: 'name', cell: (object) => object.metadata.name ?? '' };
export const ageColumn: Column<Named> = { name: 'Age', cell: (object) => since(object.metadata.creationTimestamp) };
