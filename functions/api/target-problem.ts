import { badRequest, type StatusError } from '../../kubernetes/status-error.ts';

/** What parsers of URLs take away or read as something else: `.` and `..`, a `\`, a fragment, white space. */
const misread = /[\\#\s]|\/(?:\.|%2e){1,2}(?=\/|$)/i;

/**
 * 400 for the target of a request whose path would be another one to a parser of URLs. Whatever stands in front of Skiff has
 * judged the path as it came: `/api/v1/namespaces/mine/%2e%2e/yours` is no path to what is yours.
 */
export function targetProblem(target: string): StatusError | undefined {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (!path.startsWith('/')) return badRequest('the target of a request has to be a path');
  return misread.test(path)
    ? badRequest("the path of a request may not contain '.' or '..' segments, '\\' or '#'")
    : undefined;
}
