import { internalError, StatusError, type Status } from '../../kubernetes/status-error.ts';
import { json } from './respond.ts';

interface Reporting {
  report(error: unknown): void;
}

/** Any error as a Status. What is not a StatusError is reported, and its text stays inside. */
export function statusOf(error: unknown, reporting: Reporting): Status {
  if (error instanceof StatusError) return error.status;
  reporting.report(error);
  return internalError('the server could not do what was asked').status;
}

/** Any error as an answer. */
export function errorResponse(error: unknown, reporting: Reporting): Response {
  const status = statusOf(error, reporting);
  const seconds = status.details?.retryAfterSeconds;
  return json(JSON.stringify(status), {
    status: status.code ?? 500,
    ...(seconds === undefined ? {} : { headers: { 'Retry-After': String(seconds) } }),
  });
}
