import type { StoredObject } from '../../kubernetes/store/store.ts';
import type { PacedList } from './paced-list.ts';

/** What a list is made of: the texts of its items stand between the two, with commas. */
export interface ListForm {
  readonly head: string;
  readonly itemText: (object: StoredObject) => string;
  readonly tail: string;
}

/** A list as its client takes it, so that no more of it is in memory than is on its way. */
export function pacedBody(list: PacedList, form: ListForm): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let before = form.head;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const some = await list.next();
        // Cut short it is no JSON, so that nobody takes it for the whole list.
        if ('ok' in some) return controller.close();
        const text = some.map(form.itemText).join(',');
        controller.enqueue(encoder.encode(`${before}${text}${list.isDone ? form.tail : ''}`));
        before = ',';
        if (list.isDone) controller.close();
      },
      cancel: () => list.release(),
    },
    { highWaterMark: 0 },
  );
}
