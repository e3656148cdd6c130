import type { FieldError } from './field-errors.ts';
import { maximumCauseCharacters, maximumCauses, maximumCausesCharacters, maximumMessageCharacters } from './limits.ts';
import { cut, quoted } from './shown-value.ts';

/** Kubernetes' `metav1.Status`, the body of every error. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code?: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/**
 * The only error that leaves the API. Made by the constructors below, whose texts are kube-apiserver's: clients match on them.
 * Whatever of a client's request is in them, a Status has a bounded size.
 */
export class StatusError extends Error {
  readonly status: Status;

  constructor(failure: {
    code: number;
    reason?: string;
    message: string;
    details?: StatusDetails;
    continueToken?: string;
  }) {
    const message = cut(failure.message, maximumMessageCharacters);
    super(message);
    this.name = 'StatusError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: failure.continueToken === undefined ? {} : { continue: failure.continueToken },
      status: 'Failure',
      message,
      ...(failure.reason === undefined ? {} : { reason: failure.reason }),
      ...(failure.details === undefined ? {} : { details: boundedDetails(failure.details) }),
      code: failure.code,
    };
  }

  get code(): number {
    return this.status.code ?? 500;
  }
}

const boundedDetails = (details: StatusDetails): StatusDetails => ({
  ...details,
  ...(details.name === undefined ? {} : { name: cut(details.name) }),
  ...(details.causes === undefined ? {} : { causes: boundedCauses(details.causes) }),
});

/** The first causes, as many as are told; their texts and what clients call the fields are cut. */
function boundedCauses<T extends StatusCause>(causes: readonly T[]): readonly T[] {
  const told: T[] = [];
  let characters = 0;
  for (const cause of causes.slice(0, maximumCauses)) {
    const { field, message } = cause;
    const shown = {
      ...(message === undefined ? {} : { message: cut(message, maximumCauseCharacters) }),
      ...(field === undefined ? {} : { field: cut(field) }),
    };
    // Two characters stand between the field and the message, two between causes.
    characters += (shown.field?.length ?? 0) + (shown.message?.length ?? 0) + 4;
    if (characters > maximumCausesCharacters) break;
    told.push({ ...cause, ...shown });
  }
  return told;
}

/** The resource an error speaks of, `{ group: 'apps', plural: 'deployments', kind: 'Deployment' }`. A Kind is one. */
export interface ResourceNames {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

const qualified = (resource: ResourceNames): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;

/** Go leaves out what is empty. */
const about = (resource: ResourceNames, name: string): StatusDetails => ({
  ...(name === '' ? {} : { name }),
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});

export const badRequest = (message: string): StatusError =>
  new StatusError({ code: 400, reason: 'BadRequest', message });

export const unauthorized = (): StatusError =>
  new StatusError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

/** 403 for a request that names nothing in particular. */
export const forbiddenAccess = (detail: string): StatusError =>
  new StatusError({ code: 403, reason: 'Forbidden', message: `forbidden: ${detail}` });

/** `detail` is what follows `is forbidden: `. */
export const forbiddenRequest = (resource: ResourceNames, name: string, detail: string): StatusError =>
  new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${qualified(resource)} ${name === '' ? '' : `${quoted(name)} `}is forbidden: ${detail}`,
    details: about(resource, name),
  });

export const objectNotFound = (resource: ResourceNames, name: string): StatusError =>
  new StatusError({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(resource)} ${quoted(name)} not found`,
    details: about(resource, name),
  });

/** The path names no resource that this server knows. */
export const resourceNotFound = (): StatusError =>
  new StatusError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });

export const methodNotAllowed = (): StatusError =>
  new StatusError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });

export const notAcceptable = (accepted: readonly string[]): StatusError =>
  new StatusError({
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: ${accepted.join(', ')}`,
  });

export const alreadyExists = (resource: ResourceNames, name: string): StatusError =>
  new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(resource)} ${quoted(name)} already exists`,
    details: about(resource, name),
  });

/** Scripts search for this text: `the object has been modified`. */
export const conflict = (
  resource: ResourceNames,
  name: string,
  detail = 'the object has been modified; please apply your changes to the latest version and try again',
): StatusError =>
  new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(resource)} ${quoted(name)}: ${detail}`,
    details: about(resource, name),
  });

export const expired = (message: string, continueToken?: string): StatusError =>
  new StatusError({ code: 410, reason: 'Expired', message, ...(continueToken === undefined ? {} : { continueToken }) });

/** `limit` is a number of bytes, or says what else there is too much of. */
export const requestTooLarge = (limit: number | string): StatusError =>
  new StatusError({
    code: 413,
    reason: 'RequestEntityTooLarge',
    message: `Request entity too large: ${typeof limit === 'number' ? `limit is ${limit}` : limit}`,
  });

export const unsupportedMediaType = (accepted: readonly string[]): StatusError =>
  new StatusError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });

/** 422 with every cause, up to a limit: `Deployment.apps "web" is invalid: [a, b]`. */
export function invalidObject(resource: ResourceNames, name: string, all: readonly FieldError[]): StatusError {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const errors = boundedCauses(all);
  const texts = [...new Set(errors.map((error) => `${error.field}: ${error.message}`))];
  if (errors.length < all.length) texts.push(`and ${all.length - errors.length} more`);
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `${kind} ${quoted(name)} is invalid: ${texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`}`,
    details: {
      ...(name === '' ? {} : { name }),
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.kind,
      causes: errors.map((error) => ({ reason: error.reason, message: error.message, field: error.field })),
    },
  });
}

/** A JSON patch that cannot be carried out. */
export const unprocessable = (): StatusError =>
  new StatusError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

export const tooManyRequests = (message: string, retryAfterSeconds: number): StatusError =>
  new StatusError({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } });

export const headersTooLarge = (limit: number): StatusError =>
  new StatusError({ code: 431, message: `Request header fields too large: limit is ${limit} lines` });

export const internalError = (message: string): StatusError =>
  new StatusError({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });

export const serviceUnavailable = (message: string): StatusError =>
  new StatusError({ code: 503, reason: 'ServiceUnavailable', message });

/** What kube-apiserver answers with its 500 without a reason: faults of the request that it finds late, in patches. */
export const unclassifiedError = (message: string): StatusError => new StatusError({ code: 500, message });

/** What a kube-apiserver passes on from an etcd that has no room, and takes deletions alone; `reason` says more. */
export const storageFull = (reason: string): StatusError =>
  unclassifiedError(`etcdserver: mvcc: database space exceeded: ${reason}`);

/** Server-side apply met fields that others manage. */
export const fieldConflicts = (message: string, causes: readonly StatusCause[]): StatusError =>
  new StatusError({ code: 409, reason: 'Conflict', message, details: { causes } });

/** A list asked for a revision that this server has not reached. */
export const tooLargeResourceVersion = (asked: number, current: number): StatusError =>
  new StatusError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${asked}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
