import { describe, expect, test } from 'vitest';
import { findFaults, type History, type SeenChange, type WriteRecord } from './history.ts';

const added = (key: string, value: string, revision: number): SeenChange => ({ type: 'ADDED', key, value, revision });
const modified = (key: string, [previous, value]: [string, string], revision: number): SeenChange => ({
  type: 'MODIFIED',
  key,
  value,
  revision,
  previous,
});
const deleted = (key: string, value: string, revision: number): SeenChange => ({
  type: 'DELETED',
  key,
  value,
  revision,
  previous: value,
});

/** Each change as its writer tells it, one after the other. */
const confirmed = (changes: readonly SeenChange[]): WriteRecord[] =>
  changes.map(({ type, key, value, revision }) => ({
    type,
    key,
    value,
    revision,
    begun: revision * 2,
    ended: revision * 2 + 1,
  }));

const changes = [added('a', '1', 1), added('b', '2', 2), modified('a', ['1', '3'], 4), deleted('b', '2', 5)];
const sound: History = {
  writes: confirmed(changes),
  watches: [
    { name: 'first', after: 0, until: 5, changes },
    { name: 'late', after: 2, until: 4, changes: changes.slice(2, 3) },
  ],
  lists: [
    { begun: 5, revision: 2, items: { a: '1', b: '2' } },
    { begun: 12, revision: 5, items: { a: '3' } },
  ],
};

const watching = (...seen: SeenChange[]): Partial<History> => ({
  watches: [...sound.watches, { name: 'bad', after: 0, until: 5, changes: seen }],
});
const [one, two, three, four] = changes as [SeenChange, SeenChange, SeenChange, SeenChange];

describe('the checker of histories', () => {
  test('finds nothing in a sound history', () => {
    expect(findFaults(sound)).toEqual([]);
  });

  test('takes a write whose writer does not know for one that may have happened', () => {
    const unknown: WriteRecord = { type: 'DELETED', key: 'b', value: '2', begun: 10 };
    const never: WriteRecord = { type: 'ADDED', key: 'c', value: '9', begun: 10 };
    expect(findFaults({ ...sound, writes: [...sound.writes.slice(0, 3), unknown, never] })).toEqual([]);
  });

  test.for([
    { what: 'a lost change', bad: watching(one, two, four), fault: 'bad never saw MODIFIED a=3 at 4' },
    { what: 'a doubled change', bad: watching(one, two, two, three, four), fault: 'bad saw ADDED b=2 at 2 twice' },
    { what: 'changes in another order', bad: watching(two, one, three, four), fault: 'bad saw ADDED a=1 at 1 after 2' },
    {
      what: 'a change that others see otherwise',
      bad: watching(one, added('b', '8', 2), three, four),
      fault: 'bad saw ADDED b=8 at 2, others ADDED b=2 at 2',
    },
    {
      what: 'a confirmed write that nobody sees',
      bad: { writes: [...sound.writes, ...confirmed([added('c', '9', 6)])] },
      fault: 'ADDED c=9 was confirmed at 6 and is lost',
    },
    {
      what: 'a change that nobody wrote',
      bad: { writes: sound.writes.slice(1) },
      fault: 'nobody wrote ADDED a=1 at 1',
    },
    {
      what: 'a write that happened twice',
      bad: watching(...changes, deleted('a', '3', 6), added('a', '1', 7)),
      fault: 'ADDED a=1 happened twice, again at 7',
    },
    {
      what: 'a change that does not follow from the one before',
      bad: watching(...changes, modified('a', ['1', '5'], 6)),
      fault: 'MODIFIED a=5 at 6, which was 3, came from 1',
    },
    {
      what: 'a creation of what is there',
      bad: watching(...changes, added('a', '6', 6)),
      fault: 'ADDED a=6 at 6, which was 3, came from nothing',
    },
    {
      what: 'a list of another state',
      bad: { lists: [{ begun: 5, revision: 2, items: { a: '1' } }] },
      fault: 'a list at 2 shows a=1 instead of a=1 b=2',
    },
    {
      what: 'a list of a state that was over when it began',
      bad: { lists: [{ begun: 10, revision: 2, items: { a: '1', b: '2' } }] },
      fault: 'a list at 2 began after 4 was confirmed',
    },
    {
      what: 'a later write with a smaller revision',
      bad: { writes: sound.writes.map((write) => (write.revision === 1 ? { ...write, begun: 20, ended: 21 } : write)) },
      fault: '1 was begun after 5 had ended',
    },
  ])('finds $what', ({ bad, fault }) => {
    expect(findFaults({ ...sound, ...bad })).toContain(fault);
  });
});
