import { bootstrap } from '../bootstrap.ts';
import type { Context } from '../context.ts';
import { healChanges } from './heal-changes.ts';
import { scheduledKeys } from './scheduled-keys.ts';

/** What a schedule runs, by the name that its event tells. */
export const workflows: Readonly<Record<string, (context: Context) => Promise<void>>> = {
  /** At each deployment and every hour: what every installation has. */
  bootstrap: (context) => bootstrap(context),
  /** Every minute. */
  heal: healChanges,
  /** Every five minutes, as often as the work asks for itself in local mode. */
  resync: async (context) => {
    for (const key of scheduledKeys) await context.queue.enqueue(key);
  },
};
