import { StatusError, type Status } from '../../kubernetes/status-error.ts';

/** The Status of what a call throws, which has to be a StatusError. */
export function refusal(run: () => unknown): Status {
  try {
    run();
  } catch (error) {
    if (error instanceof StatusError) return error.status;
    throw error;
  }
  throw new Error('nothing was thrown');
}
