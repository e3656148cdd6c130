const waiting: (() => void)[] = [];

/** Lets others have their turn of the event loop. Of those who wait, one goes on in each turn. */
export const endOfTurn = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(next);
  });

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}
