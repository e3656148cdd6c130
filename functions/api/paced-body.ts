import type { StoredObject } from '../../kubernetes/store/store.ts';
import { endOfTurn } from '../end-of-turn.ts';
import type { PacedList } from './paced-list.ts';

/** What a list is made of: the texts of its items stand between head and tail. */
export interface ListForm {
  readonly head: string;
  readonly separator: ',' | '';
  readonly itemText: (object: StoredObject) => string;
  readonly tail: string;
  /** Bytes of objects that are written at a time; absent: as many as are sent. */
  readonly pieceBytes?: number;
}

/** A list as its client takes it, so that no more of it is in memory than is on its way. */
export function pacedBody(list: PacedList, form: ListForm): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before = form.head;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // A client that is quick would keep all others waiting.
        await endOfTurn();
        const some = await list.next(form.pieceBytes);
        if ('ok' in some) {
          // Without its tail nobody takes it for the whole list.
          if (form.tail === '') controller.error(new Error('the list can no longer be read'));
          else controller.close();
          return;
        }
        const text = some.map(form.itemText).join(form.separator);
        controller.enqueue(encoder.encode(`${before}${text}${list.isDone ? form.tail : ''}`));
        before = form.separator;
        if (list.isDone) controller.close();
      },
      cancel: () => list.release(),
    },
    { highWaterMark: 0 },
  );
}
