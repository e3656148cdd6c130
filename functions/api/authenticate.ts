import { unauthorized } from '../../kubernetes/status-error.ts';
import type { ApiDependencies, User } from './dependencies.ts';

/** Who asks. Throws StatusError 401 when the credentials are missing or wrong. */
export async function authenticate(dependencies: ApiDependencies, request: Request): Promise<User> {
  const user = await dependencies.authenticate(request);
  if (user === undefined) throw unauthorized();
  return user;
}
