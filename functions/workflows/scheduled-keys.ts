import { expiredEventsKey } from '../reconcile/expired-events.ts';
import { resyncKey } from '../reconcile/resync.ts';

/** Work that a schedule asks for. */
export const scheduledKeys: readonly string[] = [resyncKey, expiredEventsKey];
