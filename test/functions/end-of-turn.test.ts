import { expect, test } from 'vitest';
import { endOfTurn } from '../../functions/end-of-turn.ts';

test('of those who wait for the end of a turn, one goes on in each', async () => {
  const order: string[] = [];
  const worker = async (name: string): Promise<void> => {
    await endOfTurn();
    order.push(name);
    await endOfTurn();
    order.push(name);
  };
  let turns = 0;
  let counting = true;
  const count = (): void => {
    order.push('|');
    turns += 1;
    if (counting) setImmediate(count);
  };
  const done = Promise.all(['a', 'b', 'c'].map(worker));
  setImmediate(count);
  await done;
  counting = false;
  expect(order.filter((each) => each !== '|')).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  expect(order.join('')).not.toMatch(/[abc]{2}/);
  expect(turns).toBeGreaterThanOrEqual(5);
});
